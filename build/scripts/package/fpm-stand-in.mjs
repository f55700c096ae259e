#!/usr/bin/env node
// electron-builder makes Debian packages with fpm, which is no part of Debian and is downloaded from a
// release page. This does the same with dpkg-deb: it knows the options that electron-builder gives for
// `-s dir -t deb`, and refuses every other, so that nothing is dropped in silence.
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  lstatSync,
  rmSync,
  writeFileSync,
  copyFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const known = {
  '-s': 'source',
  '-t': 'target',
  '--architecture': 'architecture',
  '--after-install': 'postinst',
  '--after-remove': 'postrm',
  '--before-install': 'preinst',
  '--before-remove': 'prerm',
  '--category': 'section',
  '--deb-compression': 'compression',
  '--deb-priority': 'priority',
  '--description': 'description',
  '--license': 'license',
  '--maintainer': 'maintainer',
  '--name': 'name',
  '--package': 'package',
  '--url': 'url',
  '--vendor': 'vendor',
  '--version': 'version',
}
const repeated = { '-d': 'depends', '--depends': 'depends', '--deb-recommends': 'recommends' }

const options = { depends: [], recommends: [] }
const copies = []
const args = process.argv.slice(2)
while (args.length > 0) {
  const word = args.shift()
  if (word === '--force') continue
  if (word in repeated) options[repeated[word]].push(args.shift())
  else if (word in known) options[known[word]] = args.shift()
  else if (word.startsWith('-')) fail(`does not know the option ${word}`)
  else copies.push(word.split('='))
}
if (options.source !== 'dir' || options.target !== 'deb') fail('makes a deb out of folders only')
if (copies.some((it) => it.length !== 2)) fail('takes paths as <from>=<to> only')

const root = mkdtempSync(join(tmpdir(), 'deb-'))
try {
  for (const [from, to] of copies) {
    const target = join(root, to)
    mkdirSync(dirname(target), { recursive: true })
    cpSync(from, target, { recursive: true, verbatimSymlinks: true })
  }
  writeControl(root)
  chmodSync(root, 0o755)
  const compression = `-Z${options.compression ?? 'xz'}`
  const packing = ['--root-owner-group', compression, '--build', root, options.package]
  const { status, error } = spawnSync('dpkg-deb', packing, { stdio: 'inherit' })
  if (error) fail(`could not start dpkg-deb: ${error.message}`)
  process.exitCode = status ?? 1
} finally {
  rmSync(root, { recursive: true, force: true })
}

function writeControl(folder) {
  const control = join(folder, 'DEBIAN')
  const size = Math.ceil(sizeOf(folder) / 1024)
  mkdirSync(control)
  const fields = {
    Package: options.name,
    Version: options.version,
    Architecture: options.architecture,
    Maintainer: options.maintainer,
    'Installed-Size': size,
    Depends: options.depends.join(', '),
    Recommends: options.recommends.join(', '),
    Section: options.section ?? 'misc',
    Priority: options.priority ?? 'optional',
    Homepage: options.url,
    Description: folded(options.description ?? options.name),
  }
  const lines = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '')
  writeFileSync(join(control, 'control'), lines.map((it) => `${it.join(': ')}\n`).join(''))
  for (const script of ['preinst', 'postinst', 'prerm', 'postrm']) {
    if (!options[script]) continue
    copyFileSync(options[script], join(control, script))
    chmodSync(join(control, script), 0o755)
  }
}

/** The first line is the synopsis; each further one begins with a space, an empty one with a dot. */
function folded(text) {
  const [first, ...rest] = text.trim().split('\n')
  return [first, ...rest.map((line) => ` ${line.trim() || '.'}`)].join('\n')
}

function sizeOf(path) {
  const stat = lstatSync(path)
  if (!stat.isDirectory()) return stat.size
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), stat.size)
}

function fail(text) {
  process.stderr.write(`fpm-stand-in ${text}\n`)
  process.exit(1)
}

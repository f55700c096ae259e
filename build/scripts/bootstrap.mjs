// Runs a script of this project under its own Node, installing the packages first when they are
// missing or not those of the lock. Plain JavaScript without imports from npm: it is what works
// before anything is installed, on any Node since 18.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const modules = join(root, 'node_modules')
const stampFile = join(modules, '.gatehouse-installed')
const nodePackage = join(
  modules,
  `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
)

const readText = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined)
const readJson = (file) => JSON.parse(readText(file) ?? '{}')
const say = (text) => process.stderr.write(`gatehouse: ${text}\n`)

/** @returns {never} */
function fail(text) {
  say(text)
  process.exit(1)
}

/** The Node that comes with the packages, else the one that runs this, when it is new enough. */
function findNode() {
  const own = join(nodePackage, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(own)) return own
  const needed = readJson(join(root, 'package.json')).engines.node.replace('>=', '')
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [needMajor, needMinor] = needed.split('.').map(Number)
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return process.execPath
  return fail(
    `this needs Node ${needed} or newer and ${process.version} runs it. There is no Node package` +
      ` for ${process.platform}-${process.arch}: install Node ${needed} and try again.`,
  )
}

/** What every started process sees: the project's own Node and tools come first on the PATH. */
function environment(node) {
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH'
  const path = [dirname(node), join(modules, '.bin'), process.env[name]].join(delimiter)
  return { ...process.env, [name]: path }
}

const lockText = readText(join(root, 'package-lock.json')) ?? fail('package-lock.json is missing')
const lockHash = createHash('sha256').update(lockText).digest('hex')
const lock = JSON.parse(lockText).packages

/** npm's own record of what lies in node_modules, compared with the lock. */
function packagesMatch(withTools) {
  const installed = readJson(join(modules, '.package-lock.json')).packages
  if (!installed) return false
  return Object.entries(lock).every(([path, wanted]) => {
    if (path === '') return true
    const found = installed[path]
    // An optional package of another platform is rightly absent.
    if (!found) return wanted.optional === true || (!withTools && wanted.dev === true)
    return found.version === wanted.version
  })
}

/** An interrupted installation leaves native packages unbuilt; only loading them tells. */
function nativePackagesLoad() {
  const allowed = readJson(join(root, 'package.json')).allowScripts
  const names = Object.keys(allowed).filter((name) => allowed[name])
  const code = names.map((name) => `require(${JSON.stringify(name)})`).join(';')
  const node = findNode()
  return spawnSync(node, ['-e', code], { cwd: root, env: environment(node) }).status === 0
}

/** `npm ci --omit=dev` is enough for the gateway itself; everything else needs the tools too. */
function isInstalled(script) {
  if (readText(stampFile) === lockHash) return true
  const isWhole = packagesMatch(true)
  if (!isWhole && !(script.startsWith('server/') && packagesMatch(false))) return false
  if (!nativePackagesLoad()) return false
  if (isWhole) writeStamp()
  return true
}

function writeStamp() {
  try {
    writeFileSync(stampFile, lockHash)
  } catch {
    // A shortcut for the next start; the packages may well belong to someone else.
  }
}

function npm(args, env) {
  // `npm run` says where npm lies; that also spares a shell on Windows.
  const cli = process.env.npm_execpath
  const [command, first] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []]
  const all = [...first, ...args, '--loglevel=error', '--no-audit', '--no-fund']
  const options = { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] }
  const { status, error } = spawnSync(command, all, options)
  if (error) fail(`npm could not be started: ${error.message}`)
  if (status !== 0) fail(`\`npm ${args.join(' ')}\` failed; what it said stands above.`)
}

/**
 * In two steps, so that native packages are built by and for the Node that comes with the packages:
 * its headers are on the disk only after the first, and no download is needed for them.
 */
function install(script) {
  const started = Date.now()
  say('installing the packages of package-lock.json (once, about a minute) …')
  npm(['ci', '--ignore-scripts'], process.env)
  const env = environment(findNode())
  if (existsSync(join(nodePackage, 'include', 'node', 'node.h')))
    env.npm_config_nodedir = nodePackage
  // With the system's SQLite the driver is linked in seconds instead of compiled in minutes.
  if (existsSync('/usr/include/sqlite3.h')) env.npm_config_sqlite ??= '/usr'
  say('building the native packages …')
  npm(['rebuild'], env)
  if (!isInstalled(script)) fail('the packages do not load after the installation.')
  say(`installed in ${Math.round((Date.now() - started) / 1000)} s`)
}

function run(args) {
  const node = findNode()
  const child = spawn(node, args, { stdio: 'inherit', env: environment(node) })
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the child as well; twice would mean "at once".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  if (process.env.npm_lifecycle_event !== undefined) {
    // npm, asked to end, ends the shell between itself and this process, which passes nothing on.
    const parent = process.ppid
    const watch = setInterval(() => {
      if (process.ppid === parent) return
      clearInterval(watch)
      child.kill('SIGTERM')
    }, 300)
    watch.unref()
  }
  child.on('error', (error) => fail(`${node} could not be started: ${error.message}`))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    // Die of the same signal, so that whoever started this sees the truth.
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

const [script = '', ...rest] = process.argv.slice(2)
if (script === '') fail('usage: node build/scripts/bootstrap.mjs <script> [arguments]')
if (!isInstalled(script)) install(script)
run([script, ...rest])

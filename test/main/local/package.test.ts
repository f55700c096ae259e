import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { FuseV1Options } from '@electron/fuses'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Electron } from '../../../build/scripts/electron/electron.ts'
import { fuses } from '../../../build/scripts/package/fuses.ts'
import { flipAfterPack, packApp } from '../../../build/scripts/package/pack.ts'
import { fingerprintOf, openHome } from '../../support/homes.ts'
import { createPod, realPod } from '../../support/pods.ts'
import { see } from '../../support/see.ts'
import { goTo, landed, row, signIn } from '../../support/stories.ts'
import { openWorld } from '../../support/world.ts'

const run = promisify(execFile)

describe('what people get', () => {
  test('has every fuse decided, and none that lets another program in', () => {
    const config = fuses(false)
    expect(config.strictlyRequireAllFuses).toBe(true)
    const named = Object.values(FuseV1Options).filter((it) => typeof it === 'number')
    for (const fuse of named) expect(config).toHaveProperty(String(fuse))
    const on = named.filter((fuse) => config[fuse] === true)
    expect(on).toEqual([
      FuseV1Options.EnableCookieEncryption,
      FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
      FuseV1Options.OnlyLoadAppFromAsar,
      FuseV1Options.WasmTrapHandlers,
    ])
  })

  test('has them in the program itself, and an Electron with one fuse more stops the packing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-fuses-'))
    try {
      const program = join(folder, 'gatehouse')
      const context = {
        appOutDir: folder,
        electronPlatformName: 'linux',
        packager: { appInfo: { productFilename: 'Gatehouse' } },
      }
      await writeFile(program, wire('101101111'))
      await flipAfterPack(context, false)
      expect((await readFile(program, 'latin1')).slice(-9)).toBe('010011001')
      await flipAfterPack(context, true)
      expect((await readFile(program, 'latin1')).slice(-9)).toBe('010111001')
      await writeFile(program, wire('1011011111'))
      await expect(flipAfterPack(context, false)).rejects.toThrow('strictlyRequireAllFuses')
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  test('is packed for Linux, macOS and Windows, takes the deep links, and rebuilds nothing', async () => {
    const file = join(import.meta.dirname, '../../../build/electron-builder.yml')
    const config = parse(await readFile(file, 'utf8')) as Record<string, Record<string, unknown>>
    expect(config).toMatchObject({ npmRebuild: false, asar: true, publish: null })
    expect(config['linux']?.['target']).toEqual(['dir', 'deb', 'AppImage'])
    expect(config['mac']?.['target']).toEqual(['dmg', 'zip'])
    expect(config['win']?.['target']).toEqual(['nsis'])
    expect(config['protocols']).toEqual([{ name: 'Gatehouse', schemes: ['gatehouse'] }])
  })
})

describe.runIf(process.platform === 'linux')('a package for Linux', () => {
  let folder: string
  let installed: string
  let electron: Electron

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-package-'))
    const packages = join(folder, 'packages')
    electron = await packApp({
      folder: packages,
      targets: ['dir', 'deb'],
      forTests: true,
      progress: () => {},
    })
    const deb = (await readdir(packages)).find((it) => it.endsWith('.deb')) ?? 'none'
    installed = join(folder, 'installed')
    await run('dpkg-deb', ['-x', join(packages, deb), installed])
    await run('dpkg-deb', ['-e', join(packages, deb), join(folder, 'control')])
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('says what it is and what it needs', async () => {
    const control = await readFile(join(folder, 'control', 'control'), 'utf8')
    expect(control).toMatch(/^Package: gatehouse$/m)
    expect(control).toMatch(/^Architecture: amd64$/m)
    expect(control).toMatch(/^Depends: .*libgtk-3-0/m)
    expect(Number(/^Installed-Size: (\d+)$/m.exec(control)?.[1])).toBeGreaterThan(100_000)
  })

  test('is known to the desktop by one name, and opens its links', async () => {
    const applications = join(installed, 'usr/share/applications')
    expect(await readdir(applications)).toEqual(['io.gatehouse.Gatehouse.desktop'])
    const entry = await readFile(join(applications, 'io.gatehouse.Gatehouse.desktop'), 'utf8')
    expect(entry).toMatch(/^MimeType=x-scheme-handler\/gatehouse;$/m)
    expect(entry).toMatch(/^StartupWMClass=io\.gatehouse\.Gatehouse$/m)
    expect(entry).toMatch(/^Exec=\/opt\/Gatehouse\/gatehouse %U$/m)
  })

  test('holds bundles and the terminal, and no package of the gateway', async () => {
    const resources = join(installed, 'opt/Gatehouse/resources')
    expect(existsSync(join(resources, 'app'))).toBe(false)
    expect(existsSync(join(resources, 'default_app.asar'))).toBe(false)
    const unpacked = await readdir(join(resources, 'app.asar.unpacked/node_modules/@lydell'))
    expect(unpacked).toEqual([`node-pty-linux-${process.arch}`])
    const names = await filesInAsar(join(resources, 'app.asar'))
    expect(names).toContain('package.json')
    expect(names).toContain('renderer/index.html')
    const packages = names
      .filter((it) => /^node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(it))
      .map((it) => it.slice('node_modules/'.length, -'/package.json'.length))
    expect(packages.sort()).toEqual([`@lydell/node-pty-linux-${process.arch}`, 'node-pty'])
  })

  test('signs in, where it is installed, to a gateway that is trusted at first sight, and lists pods', async () => {
    const world = await openWorld()
    const made = await world.cluster.namespace('package')
    const namespace = made.name
    const executable = join(installed, 'opt/Gatehouse/gatehouse')
    const { address, port } = world.gateway
    try {
      await createPod(world.cluster, namespace, realPod('web', { script: 'sleep 600' }))
      const person = await world.person(['viewer'], { namespaces: [namespace] })
      const home = await openHome('desktop', address, { executable })
      try {
        await signIn(home, person, { address, fingerprint: await fingerprintOf(port) })
        await landed(home.page)
        await goTo(home.page, `#/c/${world.id}@viewer/core/v1/pods?ns=${namespace}`)
        await see(row(home.page, 'web')).toContainText('Running')
        const about = await home.desktop?.app.evaluate(({ app }) => ({
          packaged: app.isPackaged,
          name: app.getName(),
          electron: process.versions.electron,
        }))
        expect(about).toEqual({ packaged: true, name: 'Gatehouse', electron: electron.version })
        expect(home.complaints).toEqual([])
      } finally {
        await home.close()
      }
    } finally {
      await made.remove()
      await world.stop()
    }
  })
})

/** The place in a program that holds its fuses: a mark, the version, their number, and one digit for each. */
const wire = (digits: string) =>
  Buffer.concat([
    Buffer.from('program dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
    Buffer.of(1, digits.length),
    Buffer.from(digits),
  ])

interface Entry {
  readonly files?: Readonly<Record<string, Entry>>
}

/** The list at an archive's beginning: four lengths, then JSON. */
async function filesInAsar(path: string): Promise<string[]> {
  const archive = await readFile(path)
  const length = archive.readUInt32LE(12)
  const root = JSON.parse(archive.toString('utf8', 16, 16 + length)) as Entry
  const walk = (entry: Entry, at: string): string[] =>
    Object.entries(entry.files ?? {}).flatMap(([name, it]) =>
      it.files ? walk(it, `${at}${name}/`) : [`${at}${name}`],
    )
  return walk(root, '')
}

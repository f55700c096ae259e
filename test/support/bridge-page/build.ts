import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { root } from '../../../build/scripts/tools.ts'
import { freshBundles } from '../../../build/scripts/electron/bundles.ts'
import { electronForTests } from '../electron/distribution.ts'

/** An app whose window shows nothing but the renderer’s bridge; its folder `renderer` serves the web too. */
export interface BridgePage {
  readonly app: string
  readonly renderer: string
  remove(): Promise<void>
}

/** Main and preload as they are; in the renderer’s place a page that drives its bridge. */
export async function buildBridgePage(): Promise<BridgePage> {
  const { lane } = await electronForTests()
  const app = await mkdtemp(join(tmpdir(), 'gatehouse-bridge-'))
  const renderer = join(app, 'renderer')
  const bundles = await freshBundles(lane)
  await cp(bundles, app, { recursive: true, filter: (it) => it !== join(bundles, 'renderer') })
  await build({
    configFile: false,
    logLevel: 'warn',
    root: import.meta.dirname,
    base: './',
    publicDir: join(root, 'renderer', 'public'),
    build: {
      outDir: renderer,
      emptyOutDir: true,
      target: 'chrome108',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  })
  return { app, renderer, remove: () => rm(app, { recursive: true, force: true }) }
}

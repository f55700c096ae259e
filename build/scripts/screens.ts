// `npm run screens`: photographs every screen in both themes, with a real gateway and a real cluster,
// into build/screens/, and lets axe look at each. With names only those: `npm run screens -- pods drawer-secret`.
// What the README shows of them is made anew with them.
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { freshBundles } from './electron/bundles.ts'
import { createCamera, openTab, type Album, type Camera } from './screens/camera.ts'
import { chromiumHere } from './screens/chromium.ts'
import { administration } from './screens/administration.ts'
import { desktop } from './screens/desktop.ts'
import { dialogs } from './screens/dialogs.ts'
import { dock } from './screens/dock.ts'
import { doors } from './screens/doors.ts'
import { lists } from './screens/lists.ts'
import { objects } from './screens/objects.ts'
import { refreshTour } from './screens/tour.ts'
import { states } from './screens/states.ts'
import { openWorld, type World } from './screens/world.ts'
import { root } from './tools.ts'

const folder = join(root, 'build', 'screens')
const say = (line: string) => {
  console.log(line)
}
const wanted = process.argv.slice(2)
const parts = { doors, lists, objects, dialogs, dock, administration, desktop, states }

const renderer =
  process.env['GATEHOUSE_CONSOLE_FOLDER'] ?? join(await freshBundles('pinned'), 'renderer')
// What the README shows lies beside them and is kept.
for (const part of ['light', 'dark', 'missed']) {
  if (wanted.length === 0) await rm(join(folder, part), { recursive: true, force: true })
  await mkdir(join(folder, part), { recursive: true })
}
const world = await openWorld(renderer, say)
const album: Album = { missed: [], faults: [], taken: [] }
try {
  await photograph(world)
  const shown = await refreshTour(folder, album.taken)
  const counts = [
    `${String(album.taken.length)} pictures in both themes`,
    `${String(shown.length)} of them in the README's tour`,
    `axe found ${String(album.faults.length)} faults`,
  ]
  say(counts.join(', '))
  if (album.missed.length > 0) console.error(`Not photographed: ${album.missed.join(', ')}`)
  if (album.missed.length + album.faults.length > 0) process.exitCode = 1
} finally {
  await world.stop()
}

async function photograph(world: World): Promise<void> {
  const browser = await chromium.launch(chromiumHere())
  try {
    for (const [name, part] of Object.entries(parts)) {
      say(name)
      const page = await openTab(browser)
      const camera = createCamera(page, { folder, address: world.address, wanted, say, album })
      await take(camera, world, part)
      await page.context().close()
    }
  } finally {
    await browser.close()
  }
}

/** What goes wrong between two pictures costs only the rest of its part. */
async function take(camera: Camera, world: World, part: (typeof parts)[keyof typeof parts]) {
  await part(camera, world).catch((error: unknown) => {
    camera.miss(part.name, error)
  })
}

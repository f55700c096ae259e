// `npm run package`: the desktop app as packages for this system, into `out/packages`, from which a gateway
// offers them (without the pinned Electron into `out/packages-for-tests`: nobody else’s). On Linux a folder
// and a deb; other targets are named as arguments (`npm run package AppImage`) and may need downloads.
import { join } from 'node:path'
import { findPinnedElectron } from './electron/find-electron.ts'
import { packApp } from './package/pack.ts'
import { root } from './tools.ts'

const asked = process.argv.slice(2).filter((it) => !it.startsWith('-'))
const forTests = process.argv.includes('--for-tests')
const usual = process.platform === 'linux' ? ['dir', 'deb'] : []
const isPinned = (await findPinnedElectron()) !== undefined
const folder = join(root, 'out', isPinned ? 'packages' : 'packages-for-tests')
const { lane, version } = await packApp({
  folder,
  targets: asked.length > 0 ? asked : usual,
  forTests,
  progress: (line) => process.stderr.write(`${line}\n`),
})
console.log(`Packed with Electron ${version} into ${folder}`)
if (lane !== 'pinned') {
  console.log(
    'That is the Electron of the desktop tests, and no fuse was flipped: do not hand this out.\n' +
      'The one that package.json names is fetched by: npx install-electron',
  )
}

// `npm run build`: the desktop app's bundles into `out/`; `out/renderer` is the web console too.
// With GATEHOUSE_LANE=electron22 the same for the desktop tests' older Electron, into `out/lane`.
import { buildDesktop } from './electron/bundles.ts'

await buildDesktop(process.env['GATEHOUSE_LANE'] === 'electron22' ? 'electron22' : 'pinned')

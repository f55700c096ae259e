import { net, powerMonitor } from 'electron'
import { WakeWatch, type Woke } from '../app/wake.ts'

/** Tells when the machine woke or its network came back. */
export function watchPower(told: (woke: Woke) => void): void {
  const watch = new WakeWatch(told, () => net.isOnline())
  watch.start()
  powerMonitor.on('resume', () => {
    watch.resumed(Date.now())
  })
}

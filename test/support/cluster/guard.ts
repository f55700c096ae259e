// Runs beside every cluster. Its input ends when the process that started the cluster ends, however that
// happened; then everything the cluster holds is given back. An orderly stop takes this same way.
import { sweep } from './sweep.ts'

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('The guard needs the folder of its run')
process.stdin.resume()
process.stdin.on('end', () => {
  sweep(folder).then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`)
      process.exit(1)
    },
  )
})
process.stdout.write('ready\n')

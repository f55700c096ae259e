import { bytesField, readMessage } from './protobuf.ts'

/** Before every object that Kubernetes stores. */
const magic = Buffer.from('k8s\0')
/** Of what is stored, the object; its metadata; in that the name and the uid. */
const object = 2
const metadata = 1
const [name, uid] = [1, 5]
/** Of what is stored, the object; its status; the status of a container; how often that was restarted. */
const wayToRestarts = [object, 3, 8, 5] as const

/** A stored pod under another name. */
export function copyOfPod(stored: Buffer, itsName: string, itsUid: string): Buffer {
  const others = new Map([
    [name, itsName],
    [uid, itsUid],
  ])
  const within = (message: Buffer, number: number, change: (bytes: Buffer) => Buffer) =>
    Buffer.concat(
      readMessage(message).map((it) =>
        it.number === number ? bytesField(number, change(it.bytes)) : it.all,
      ),
    )
  const rename = (message: Buffer) =>
    Buffer.concat(
      readMessage(message).map((it) => {
        const other = others.get(it.number)
        return other === undefined ? it.all : bytesField(it.number, Buffer.from(other))
      }),
    )
  const renamed = within(stored.subarray(magic.length), object, (pod) =>
    within(pod, metadata, rename),
  )
  return Buffer.concat([magic, renamed])
}

/** Where a stored pod says how often its first container was restarted; good for less than 128 times. */
export function restartsAt(stored: Buffer): number {
  let at = magic.length
  let message = stored.subarray(at)
  for (const number of wayToRestarts) {
    const field = readMessage(message).find((it) => it.number === number)
    if (!field) throw new Error('a stored pod has no status of a container')
    at += field.start
    message = field.bytes
  }
  return at
}

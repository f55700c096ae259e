import { parentPort } from 'node:worker_threads'
import { Cache } from './engine/cache.ts'
import { Desk } from './engine/desk.ts'
import { Intake } from './engine/intake.ts'
import type { FromEngine, ToEngine } from './messages.ts'

const port = parentPort
if (!port) throw new Error('the live engine runs in a thread of its own')

const say = (message: FromEngine) => port.postMessage(message)
const caches = new Map<number, Cache>()
const desk = new Desk(caches, say)
const intake = new Intake(caches, say)

port.on('message', (message: ToEngine) => {
  switch (message.type) {
    case 'feed':
    case 'drop':
    case 'state':
    case 'clear':
      keep(message)
      break
    case 'start':
    case 'bytes':
    case 'end':
      intake.take(message)
      break
    default:
      desk.hear(message)
  }
})

function keep(message: Extract<ToEngine, { type: 'feed' | 'drop' | 'state' | 'clear' }>): void {
  const { feed } = message
  const cache = caches.get(feed)
  switch (message.type) {
    case 'feed':
      caches.set(feed, new Cache(feed, message.kind))
      break
    case 'drop':
      intake.drop(feed)
      cache?.clear()
      caches.delete(feed)
      break
    case 'state':
      cache?.setState(message.state)
      break
    case 'clear':
      cache?.clear()
  }
}

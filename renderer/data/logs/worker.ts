import { LogDesk } from './desk.ts'
import type { DeskAnswer, DeskAsk } from './messages.ts'

/** The pane is told at most this often that lines came in. */
const pause = 80

const desk = new LogDesk()
let timer: ReturnType<typeof setTimeout> | undefined

const answer = (it: DeskAnswer) => {
  self.postMessage(it)
}

const tellSoon = () => {
  timer ??= setTimeout(() => {
    timer = undefined
    answer(desk.update())
    if (desk.isBehind) tellSoon()
  }, pause)
}

self.addEventListener('message', ({ data }: MessageEvent<DeskAsk>) => {
  for (const it of desk.hear(data)) answer(it)
  if (data.type === 'down' || data.type === 'resumed') tellSoon()
})

import { expect, test } from 'vitest'
import { toneLeft } from '../../../renderer/screens/terminal/tone-left.ts'

test('the end of an access warns a quarter of an hour before, and again at five minutes', () => {
  const tones = [60, 15.1, 15, 5.1, 5, 0, -1].map((it) => toneLeft(it * 60_000))
  expect(tones).toEqual(['ok', 'ok', 'warning', 'warning', 'failed', 'failed', 'failed'])
})

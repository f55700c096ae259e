import type { PointerEvent } from 'react'

/** Says how far the pressed pointer has gone, to the right and down, until it is let go. */
export function followPointer(
  { clientX, clientY, currentTarget, pointerId }: PointerEvent<HTMLElement>,
  moved: (right: number, down: number) => void,
): void {
  const move = (now: globalThis.PointerEvent) => {
    moved(now.clientX - clientX, now.clientY - clientY)
  }
  currentTarget.setPointerCapture(pointerId)
  currentTarget.addEventListener('pointermove', move)
  currentTarget.addEventListener(
    'lostpointercapture',
    () => {
      currentTarget.removeEventListener('pointermove', move)
    },
    { once: true },
  )
}

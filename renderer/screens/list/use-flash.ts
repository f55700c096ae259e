import { useEffect, useRef } from 'react'

const still = window.matchMedia('(prefers-reduced-motion: reduce)')

/** Where everything flickers nothing can be seen. */
const most = 12
/** Milliseconds between two steps of fading. */
const beat = 350
const brightest = 2

// An animation of colours would paint the page sixty times a second for as long as anything changes;
// steps that all values take at once cost three paints a second.
const lit = new Map<HTMLElement, number>()
let timer: ReturnType<typeof setInterval> | undefined

function light(element: HTMLElement): void {
  if (lit.size >= most && !lit.has(element)) return
  show(element, brightest)
  timer ??= setInterval(fade, beat)
}

function fade(): void {
  for (const [element, level] of lit) show(element, element.isConnected ? level - 1 : 0)
  if (lit.size > 0) return
  clearInterval(timer)
  timer = undefined
}

function show(element: HTMLElement, level: number): void {
  if (level > 0) {
    lit.set(element, level)
    element.dataset['lit'] = String(level)
  } else {
    lit.delete(element)
    delete element.dataset['lit']
  }
}

/** A value that changes before somebody’s eyes lights up once. */
export function useFlash(text: string) {
  const element = useRef<HTMLSpanElement>(null)
  const before = useRef(text)
  useEffect(() => {
    if (before.current === text) return
    before.current = text
    if (!still.matches && element.current) light(element.current)
  }, [text])
  return element
}

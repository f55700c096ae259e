import { existsSync } from 'node:fs'
import { chromium, type CDPSession, type Page } from '@playwright/test'
import type { LabGateway, LabPerson } from '../../lab/gateway.ts'
import { cpuSeconds, residentBytes } from '../cpu.ts'
import { quantile } from '../table.ts'

/** The built web console in a real browser without a screen. */
export interface Console {
  /** Goes to a list and waits for its rows. */
  show(path: string): Promise<void>
  /** What it takes to show it for so long. */
  watch(seconds: number): Promise<Shown>
  /** Milliseconds between frames while the list is scrolled from one end to the other. */
  scroll(seconds: number): Promise<Scrolled>
  close(): Promise<void>
}

export interface Shown {
  /** Of one core: all of the renderer’s process, and its main thread’s tasks alone. */
  readonly cpu: number
  readonly tasks: number
  /** Bytes after a collection at the end, and as much as was seen. */
  readonly heap: number
  readonly mostHeap: number
  readonly resident: number
}

export interface Scrolled {
  readonly p50: number
  readonly p99: number
  /** Of one core. */
  readonly cpu: number
  readonly rows: number
}

const flags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
/** What Debian installs; elsewhere playwright’s own is taken. */
const system = '/usr/bin/chromium'

export async function openConsole({ address }: LabGateway, person: LabPerson): Promise<Console> {
  const browser = await chromium.launch({
    args: flags,
    ...(existsSync(system) && { executablePath: system }),
  })
  try {
    const context = await browser.newContext({
      // The lab’s own authority is in no browser’s list.
      ignoreHTTPSErrors: true,
      viewport: { width: 1440, height: 900 },
    })
    const page = await context.newPage()
    await page.goto(address)
    await page.getByLabel('Name').fill(person.name)
    await page.getByLabel('Password', { exact: true }).fill(person.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('button', { name: `Account of ${person.name}` }).waitFor()
    const session = await context.newCDPSession(page)
    await session.send('Performance.enable')
    const whole = await browser.newBrowserCDPSession()
    return {
      show: (path) => show(page, path),
      watch: async (seconds) => watch(session, await rendererOf(whole), seconds),
      scroll: async (seconds) => scroll(page, await rendererOf(whole), seconds),
      close: () => browser.close(),
    }
  } catch (error) {
    await browser.close()
    throw error
  }
}

/** The renderer that has worked most, once a list is shown, is the page’s; others are kept in reserve. */
async function rendererOf(session: CDPSession): Promise<number> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const [most] = processInfo
    .filter((it) => it.type === 'renderer')
    .sort((a, b) => b.cpuTime - a.cpuTime)
  if (!most) throw new Error('the browser has no renderer')
  return most.id
}

async function show(page: Page, path: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash
  }, path)
  await page.getByRole('grid').getByRole('row').nth(20).waitFor({ timeout: 60_000 })
}

async function metric(session: CDPSession, name: string): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find((it) => it.name === name)?.value ?? 0
}

async function watch(session: CDPSession, pid: number, seconds: number): Promise<Shown> {
  const began = performance.now()
  const before = { cpu: cpuSeconds(pid), tasks: await metric(session, 'TaskDuration') }
  let mostHeap = 0
  while (performance.now() - began < seconds * 1000) {
    await new Promise<void>((resolve) => setTimeout(resolve, 1000))
    mostHeap = Math.max(mostHeap, await metric(session, 'JSHeapUsedSize'))
  }
  const took = (performance.now() - began) / 1000
  const cpu = (cpuSeconds(pid) - before.cpu) / took
  const tasks = ((await metric(session, 'TaskDuration')) - before.tasks) / took
  await session.send('HeapProfiler.collectGarbage')
  const heap = await metric(session, 'JSHeapUsedSize')
  return { cpu, tasks, heap, mostHeap, resident: residentBytes(pid) }
}

async function scroll(page: Page, pid: number, seconds: number): Promise<Scrolled> {
  const cpu = cpuSeconds(pid)
  const frames = await page.getByRole('grid').evaluate(async (grid, seconds) => {
    const inside = [grid, ...grid.querySelectorAll('*')]
    const parts: Element[] = [...inside]
    for (let it = grid.parentElement; it; it = it.parentElement) parts.push(it)
    const [body] = parts.sort(
      (a, b) => b.scrollHeight - b.clientHeight - (a.scrollHeight - a.clientHeight),
    )
    if (!body) throw new Error('nothing scrolls')
    const all = body.scrollHeight - body.clientHeight
    const gaps: number[] = []
    const began = performance.now()
    let before = began
    for (;;) {
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve))
      gaps.push(now - before)
      before = now
      const part = (performance.now() - began) / (seconds * 1000)
      if (part >= 1) break
      body.scrollTop = all * part
    }
    return gaps.slice(1)
  }, seconds)
  await page.waitForTimeout(500)
  const shown = await page.getByRole('grid').getByRole('row').count()
  return {
    p50: quantile(frames, 0.5),
    p99: quantile(frames, 0.99),
    cpu: (cpuSeconds(pid) - cpu) / (seconds + 0.5),
    rows: shown,
  }
}

import { join } from 'node:path'
import type { Reply } from '#bridge'
import { openBuiltPage, type BuiltPage } from '../../support/built-page.ts'
import type { Scene } from './scenes.tsx'
import type {} from './page.ts'

export interface Stage {
  readonly page: BuiltPage['page']
  show(scene: Scene, answers?: Readonly<Record<string, unknown>>): Promise<void>
  /** From now on. */
  answer(answers: Readonly<Record<string, unknown>>): Promise<void>
  /** Inputs of one operation, oldest first. */
  asked(name: string): Promise<unknown[]>
  close(): Promise<void>
}

/** What is told instead of an answer. */
export const refused = (message: string) => new Refusal(message)
class Refusal {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}

/** Dialogs and panes alone in a browser, before a gateway whose every answer is given. */
export async function openStage(): Promise<Stage> {
  const size = { width: 900, height: 800 }
  const built = await openBuiltPage(join(import.meta.dirname, 'page.ts'), size)
  const { page } = built
  const answer = (answers: Readonly<Record<string, unknown>>) => {
    const replies = Object.entries(answers).map(([name, value]): [string, Reply] => [
      name,
      value instanceof Refusal
        ? { ok: false, error: { code: 'forbidden', message: value.message } }
        : { ok: true, value },
    ])
    return page.evaluate((them) => {
      Object.assign(window.answers, Object.fromEntries(them))
    }, replies)
  }
  return {
    page,
    answer,
    async show(scene, answers = {}) {
      await page.waitForFunction(() => 'stage' in window)
      await page.evaluate(() => {
        for (const name of Object.keys(window.answers)) Reflect.deleteProperty(window.answers, name)
      })
      await answer(answers)
      await page.evaluate((it) => {
        window.stage(it)
      }, scene)
    },
    asked: (name) =>
      page.evaluate(
        (of) => window.asked.filter((it) => it.name === of).map((it) => it.input),
        name,
      ),
    close: () => built.close(),
  }
}

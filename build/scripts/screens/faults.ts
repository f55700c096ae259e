import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'

export type Theme = 'light' | 'dark'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** All that can differ between the themes. */
const ofColours = ['color-contrast', 'link-in-text-block']

/** What axe finds wrong with what is shown now, a line for each rule: in the dark theme only its colours. */
export async function faultsOf(page: Page, theme: Theme): Promise<string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode(true)
  const { violations } = await (
    theme === 'light' ? axe.withTags(tags) : axe.withRules(ofColours)
  ).analyze()
  return violations.flatMap(({ id, nodes }) => {
    const [first, ...others] = nodes.filter((it) => !isOfMenu(id, it.target))
    if (!first) return []
    const why = first.any[0]?.message ?? ''
    const more = others.length > 0 ? `, and ${String(others.length)} more` : ''
    return [`${theme} ${id}: ${first.target.join(' ')} (${why})${more}`]
  })
}

/** A menu stands above all landmarks, wherever it was opened. */
const isOfMenu = (rule: string, target: readonly unknown[]) =>
  rule === 'region' && /^div\[data-portal|-dropdown/.test(String(target[0]))

/** Puts a theme on and waits until every colour has arrived. */
export async function wear(page: Page, colorScheme: Theme): Promise<void> {
  await page.emulateMedia({ colorScheme })
  await page
    .locator(`html[data-mantine-color-scheme="${colorScheme}"]`)
    .waitFor({ state: 'attached' })
  await page.evaluate(async () => {
    // Two frames: one for the theme, one for what draws itself anew.
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
    const ending = document
      .getAnimations()
      .filter((it) => it.effect?.getComputedTiming().endTime !== Infinity)
    await Promise.allSettled(ending.map((it) => it.finished))
  })
}

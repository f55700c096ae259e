import type { Verdict } from '../../data/rights.ts'
import { kindName } from '../../data/kinds.ts'
import { useTexts } from '../../texts/texts.ts'

/** Which right is missing, and how one comes by it. Until that is known the gateway itself answers. */
export function useRefusal(): (verdict: Verdict | undefined) => string | undefined {
  const t = useTexts('actions')
  return (verdict) => {
    if (verdict?.status !== 'refused') return undefined
    const { verb, subresource, namespace } = verdict.ask
    const what = kindName(verdict.ask) + (subresource ? `/${subresource}` : '')
    const missing = namespace
      ? t('missingIn', { verb, what, namespace })
      : t('missing', { verb, what })
    return [missing, verdict.reason, t('missingHelp')].filter(Boolean).join('\n')
  }
}

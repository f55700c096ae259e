import { parseUrl } from './origin.ts'

/** What becomes of a link that leads out of the app. */
export type ExternalVerdict =
  | { readonly status: 'open'; readonly url: string }
  | { readonly status: 'ask'; readonly url: string; readonly host: string }
  | { readonly status: 'refuse'; readonly reason: string }

const longest = 2000

/** https only, nothing hidden in it; a host other than the gateway's is for the person to decide. */
export function judgeExternal(text: string, gatewayAddress: string | undefined): ExternalVerdict {
  if (text.length > longest) return refuse('The address is too long')
  // A control character or a blank would be dropped or moved by the parser: what is judged must be what opens.
  if (/[\p{Cc}\p{Cf}\p{Z}\\]/u.test(text)) return refuse('The address holds characters it must not')
  const url = parseUrl(text)
  if (!url) return refuse('This is not an address')
  if (url.protocol !== 'https:') return refuse('Only https addresses are opened')
  if (url.username || url.password) return refuse('The address holds a name or a password')
  const { href, host } = url
  if (gatewayAddress !== undefined && parseUrl(gatewayAddress)?.origin === url.origin)
    return { status: 'open', url: href }
  return { status: 'ask', url: href, host }
}

const refuse = (reason: string): ExternalVerdict => ({ status: 'refuse', reason })

import { UsageError } from './refusal.ts'

/** The one spelling of a gateway's address: its origin. Tokens travel over https only. */
export function readAddress(text: string): string {
  const url = URL.parse(text.includes('://') ? text : `https://${text}`)
  if (!url || url.protocol !== 'https:')
    throw new UsageError(`${JSON.stringify(text)} is not an https address`)
  if (url.username || url.password || url.search || url.hash || url.pathname !== '/')
    throw new UsageError('Give the gateway’s address as https://host:port and nothing more')
  return url.origin
}

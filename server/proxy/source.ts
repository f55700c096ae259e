/** The address at the other end, an IPv4 one as such where the listener sees it mapped into IPv6. */
export const sourceOf = ({ remoteAddress = '' }: { readonly remoteAddress?: string | undefined }) =>
  remoteAddress.replace(/^::ffff:/, '')

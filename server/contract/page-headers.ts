/**
 * What every page and file of the interface is served with, by the gateway and by the desktop app alike:
 * scripts from the same origin only, no eval, no strings as HTML, nothing embedded and nowhere embedded.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  // xterm and CodeMirror write their own style elements.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  // One policy, for the addresses of our own workers.
  'trusted-types gatehouse-worker',
].join('; ')

export const pageHeaders: Readonly<Record<string, string>> = Object.freeze({
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=()',
})

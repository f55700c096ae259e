import type { Bridge, Reply } from '#bridge'

declare global {
  interface Window {
    /** What was asked of the gateway and of the app, in order. */
    readonly asked: { readonly name: string; readonly input: unknown }[]
    /** What they answer, by name; everything else is not found. */
    readonly answers: Record<string, Reply>
  }
}

const reply = (name: string, input: unknown): Promise<Reply> => {
  window.asked.push({ name, input })
  const missing = { code: 'not_found', message: `nothing answers ${name}` }
  return Promise.resolve(window.answers[name] ?? { ok: false, error: missing })
}

const bridge: Bridge = {
  gateway: reply,
  desktop: reply,
  on: () => () => undefined,
  open: () => Promise.resolve({ ok: false, error: { code: 'unavailable', message: 'no streams' } }),
}

// Before anything of the renderer looks for it.
Object.assign(window, { asked: [], answers: {}, bridge })

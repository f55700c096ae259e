import './wire.ts'

export type { OpenViews } from './wire.ts'

// Only then, as after preload: the renderer looks for its bridge when it is loaded.
void import('../../../renderer/index.tsx')

import './wire.ts'

// Only then, in a chunk of its own: the renderer looks for its bridge when it is loaded.
void import('./scenes.tsx')

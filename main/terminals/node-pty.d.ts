/// <reference types="node-pty" />

// It is installed under its first name, and its own declarations know only the second.
declare module 'node-pty' {
  export * from '@lydell/node-pty'
}

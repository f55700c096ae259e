import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

/**
 * `GATEHOUSE_LANE=electron22` builds for the older Electron that drives the desktop tests where the
 * pinned one cannot be fetched. The product's own code knows nothing of it.
 */
const isLane = process.env['GATEHOUSE_LANE'] === 'electron22'
const here = (path: string) => join(import.meta.dirname, path)
const outFolder = process.env['GATEHOUSE_OUT'] || here(isLane ? 'out/lane' : 'out')
const out = (part: string) => join(outFolder, part)

// Everything is bundled, so that a package holds no node_modules but the terminal's native part.
const nodeBuild = {
  target: isLane ? 'node16' : 'node24',
  externalizeDeps: false,
  minify: true,
  emptyOutDir: true,
}

// Optional natives of `ws` would be looked for in folders above the installed app.
const define = {
  'process.env.WS_NO_BUFFER_UTIL': '"1"',
  'process.env.WS_NO_UTF_8_VALIDATE': '"1"',
}

// Few files: what several screens share is one, each screen's own part another. The editor's libraries are
// large and belong to a few panes: what leads to them stays out of what everybody loads.
const ofTheEditor =
  /node_modules[\\/](@codemirror|@lezer|@marijn|yaml|style-mod)[\\/]|renderer[\\/](components|data|screens)[\\/]editor/
const codeSplitting = {
  includeDependenciesRecursively: false,
  groups: [
    { name: 'editor', priority: 2, test: ofTheEditor, minShareCount: 2 },
    { name: 'shared', priority: 1, test: (id: string) => !ofTheEditor.test(id), minShareCount: 3 },
  ],
}

const mainEnding = isLane ? 'cjs' : 'js'

export default defineConfig({
  main: {
    define,
    build: {
      ...nodeBuild,
      outDir: out('main'),
      rolldownOptions: {
        input: {
          index: here('main/index.ts'),
          // Started by main as a process of its own.
          'pty-host': here('main/terminals/pty-host.ts'),
        },
        external: ['node-pty'],
        output: {
          format: isLane ? 'cjs' : 'es',
          entryFileNames: `[name].${mainEnding}`,
          chunkFileNames: `chunks/[name]-[hash].${mainEnding}`,
        },
      },
    },
  },
  preload: {
    build: {
      ...nodeBuild,
      outDir: out('preload'),
      // A sandboxed preload is one CommonJS file.
      lib: { entry: here('preload/index.ts'), formats: ['cjs'] },
      rolldownOptions: { output: { entryFileNames: 'index.cjs' } },
    },
  },
  // One build for both homes: the desktop app's window and the web console that the gateway serves.
  renderer: {
    root: here('renderer'),
    base: './',
    plugins: [react()],
    build: {
      outDir: out('renderer'),
      emptyOutDir: true,
      target: 'chrome108',
      minify: true,
      // The content security policy knows no `data:` but for images.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: here('renderer/index.html'),
        output: { codeSplitting },
      },
    },
  },
})

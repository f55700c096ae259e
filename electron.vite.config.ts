/** The three bundles of the desktop app; they are built once main, preload and renderer hold code. */
export default {
  main: { build: { lib: { entry: 'main/index.ts' }, outDir: 'out/main' } },
  // A sandboxed preload is one CommonJS file.
  preload: {
    build: { lib: { entry: 'preload/index.ts', formats: ['cjs'] }, outDir: 'out/preload' },
  },
  renderer: { root: 'renderer', build: { outDir: 'out/renderer' } },
}

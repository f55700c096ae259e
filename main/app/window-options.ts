export interface WindowLook {
  readonly preload: string
  readonly bounds: Bounds
  readonly background: string
  /** Only where the app runs from its sources. */
  readonly devTools: boolean
}

export interface Bounds {
  readonly x?: number
  readonly y?: number
  readonly width: number
  readonly height: number
}

/**
 * How every window is made. Field by field, never spread from outside: an option nobody wrote here, such as
 * `commandLineSwitches`, would otherwise come along.
 */
export function windowOptions({ preload, bounds, background, devTools }: WindowLook) {
  const { x, y, width, height } = bounds
  return Object.freeze({
    title: 'Gatehouse',
    ...(x !== undefined && y !== undefined && { x, y }),
    width,
    height,
    minWidth: 720,
    minHeight: 480,
    show: false,
    backgroundColor: background,
    autoHideMenuBar: true,
    webPreferences: Object.freeze({
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      spellcheck: false,
      v8CacheOptions: 'bypassHeatCheck' as const,
      devTools,
    }),
  })
}

import ts from 'typescript'
import { parse } from 'yaml'

/** One file of the app's source, as the rules see it. */
export interface Source {
  /** From the root of the repository, with slashes. */
  readonly path: string
  readonly text: string
}

/** What a file does against a rule, as `path: what`. */
export type Rule = (sources: readonly Source[]) => string[]

const known = new WeakMap<Source, readonly ts.Node[]>()

/** Every node of a file; parsed once. */
function nodesOf(source: Source): readonly ts.Node[] {
  let nodes = known.get(source)
  if (!nodes) {
    const kind = source.path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
    const { path, text } = source
    nodes = [...below(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind))]
    known.set(source, nodes)
  }
  return nodes
}

function below(node: ts.Node): ts.Node[] {
  const nodes = [node]
  ts.forEachChild(node, (child) => void nodes.push(...below(child)))
  return nodes
}

const isCode = ({ path }: Source) => /\.tsx?$/.test(path)

/** Looks at every node of every file; `find` names what is wrong with one. A file is looked at once. */
function eachNode(find: (node: ts.Node, path: string) => string | undefined): Rule {
  const found = new WeakMap<Source, string[]>()
  const look = (source: Source) =>
    nodesOf(source).flatMap((node) => {
      const wrong = find(node, source.path)
      return wrong === undefined ? [] : [`${source.path}: ${wrong}`]
    })
  return (sources) =>
    sources.filter(isCode).flatMap((source) => {
      const wrong = found.get(source) ?? look(source)
      found.set(source, wrong)
      return wrong
    })
}

const windowFile = 'main/platform/window.ts'
const makers = new Set(['BrowserWindow', 'BaseWindow', 'BrowserView', 'WebContentsView'])

const makersOf = eachNode((node) =>
  ts.isNewExpression(node) && makers.has(node.expression.getText().split('.').at(-1) ?? '')
    ? node.getText()
    : undefined,
)

const oneWindow: Rule = (sources) => {
  const made = makersOf(sources)
  const only = `${windowFile}: new BrowserWindow(windowOptions(look))`
  return made.length === 1 && made[0] === only ? [] : ['windows are made here:', ...made]
}

const banned = new Set([
  'executeJavaScript',
  'executeJavaScriptInIsolatedWorld',
  'insertCSS',
  'openPath',
  'loadFile',
  'registerFileProtocol',
  'interceptFileProtocol',
  'showItemInFolder',
  'enableRemoteModule',
  'setCertificateVerifyProc',
  'appendSwitch',
  'openDevTools',
  'sendSync',
  'sendToHost',
  'exposeInIsolatedWorld',
  'registerPreloadScript',
  'setPreloads',
  'encryptString',
  'decryptString',
  'setUsePlainTextEncryption',
  'innerHTML',
  'outerHTML',
  'insertAdjacentHTML',
  'dangerouslySetInnerHTML',
  'srcdoc',
  'srcDoc',
  'createContextualFragment',
  'eval',
  'importScripts',
])
const bannedText =
  /NODE_TLS_REJECT_UNAUTHORIZED|ELECTRON_DISABLE_SECURITY_WARNINGS|ELECTRON_RUN_AS_NODE|no-sandbox|disable-web-security|ignore-certificate-errors|remote-debugging|^certificate-error$|^javascript:|^file:/

/** Where files of the machine are named to keep pages from them. */
const fileWall = { path: 'main/app/network.ts', text: 'file:///*' }

const bannedWords = eachNode((node, path) => {
  if (ts.isIdentifier(node) && banned.has(node.text)) return node.text
  const isWall = path === fileWall.path && node.getText() === `'${fileWall.text}'`
  if (isText(node) && bannedText.test(node.text)) return isWall ? undefined : node.text
  const builds =
    (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
    node.expression.getText() === 'Function'
  return builds ? 'a function made of text' : undefined
})

/** Also the beginning of a template. */
const isText = (node: ts.Node): node is ts.StringLiteralLike | ts.TemplateHead =>
  ts.isStringLiteralLike(node) || ts.isTemplateHead(node)

const linkFile = 'main/platform/dialogs.ts'
const opener = 'export const openLink = (url: string) => shell.openExternal(url)'

/** Links leave the app in one place, behind judgement and question; elsewhere only the contract's call has the name. */
const openLinks = eachNode((node, path) => {
  if (!ts.isIdentifier(node) || !path.startsWith('main/')) return undefined
  const { parent } = node
  if (node.text === 'shell' && ts.isImportSpecifier(parent))
    return path === linkFile || !isFromElectron(parent) ? undefined : 'Electron’s shell'
  if (node.text !== 'openExternal' || ts.isMethodDeclaration(parent)) return undefined
  const statement = ts.findAncestor(node, ts.isVariableStatement)
  return path === linkFile && statement?.getText() === opener ? undefined : parent.getText()
})

const isFromElectron = (node: ts.ImportSpecifier) =>
  moduleOf(node.parent.parent.parent)?.startsWith('electron') === true

/** The one value each of these may have, wherever it is written. */
const settings: Readonly<Record<string, 'true' | 'false' | undefined>> = {
  sandbox: 'true',
  contextIsolation: 'true',
  webSecurity: 'true',
  nodeIntegration: 'false',
  nodeIntegrationInWorker: 'false',
  nodeIntegrationInSubFrames: 'false',
  webviewTag: 'false',
  allowRunningInsecureContent: 'false',
  experimentalFeatures: 'false',
  enableBlinkFeatures: 'false',
  bypassCSP: 'false',
  corsEnabled: 'false',
  allowServiceWorkers: 'false',
}

const settingsOf = eachNode((node) => {
  if (!ts.isPropertyAssignment(node)) return undefined
  const name = node.name.getText().replace(/['"]/g, '')
  const only = Object.hasOwn(settings, name) ? settings[name] : undefined
  return only === undefined || node.initializer.getText() === only ? undefined : node.getText()
})

const looksFile = 'main/gateway/connect.ts'

const certificates = eachNode((node, path) => {
  const named = ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)
  if (!named || node.name.getText() !== 'rejectUnauthorized' || path === looksFile) return undefined
  return ts.isPropertyAssignment(node) && node.initializer.getText() === 'true'
    ? undefined
    : node.getText()
})

const preloadFile = 'preload/index.ts'

const electronImports = eachNode((node, path) => {
  const from = moduleOf(node)
  if (from === undefined || !/^electron(?:\/|$)/.test(from)) return undefined
  if (!/^(?:main|preload)\//.test(path)) return 'knows Electron'
  const mayUse = path.startsWith('main/platform/') || path === preloadFile
  return mayUse || isTypeOnly(node) ? undefined : 'uses Electron beside main/platform'
})

function moduleOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node))
    return node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)
      ? node.moduleSpecifier.text
      : undefined
  if (!ts.isCallExpression(node)) return undefined
  const calls =
    node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require'
  const [argument] = node.arguments
  return calls && argument && ts.isStringLiteralLike(argument) ? argument.text : undefined
}

/** An import or export that is gone once the types are. */
export function isTypeOnly(node: ts.Node): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly
  if (!ts.isImportDeclaration(node)) return false
  const clause = node.importClause
  if (!clause) return false
  if (clause.isTypeOnly) return true
  const named = clause.namedBindings
  return (
    !clause.name &&
    !!named &&
    ts.isNamedImports(named) &&
    named.elements.every((it) => it.isTypeOnly)
  )
}

const contractFile = 'preload/contract/index.ts'

const preloadImports = eachNode((node, path) => {
  const from = path === preloadFile ? moduleOf(node) : undefined
  return from === undefined || from === 'electron' || isTypeOnly(node) ? undefined : `loads ${from}`
})

/** One exposure, of exactly what the contract names, and nothing of Electron's in it. */
const preloadExposes: Rule = (sources) => {
  const preload = sources.find((it) => it.path === preloadFile)
  const contract = sources.find((it) => it.path === contractFile)
  if (!preload || !contract) return ['there is no preload']
  const nodes = nodesOf(preload)
  const exposed = nodes.filter(
    (it) =>
      ts.isCallExpression(it) && it.expression.getText() === 'contextBridge.exposeInMainWorld',
  )
  const one =
    exposed.map((it) => it.getText()).join() === "contextBridge.exposeInMainWorld('bridge', bridge)"
  const offered = nodes.flatMap((it) =>
    ts.isVariableDeclaration(it) && it.name.getText() === 'bridge' && it.initializer
      ? keysOf(it.initializer)
      : [],
  )
  const named = nodesOf(contract).flatMap((it) =>
    ts.isInterfaceDeclaration(it) && it.name.text === 'Bridge'
      ? it.members.map((member) => member.name?.getText() ?? '')
      : [],
  )
  return [
    ...(one ? [] : ['the bridge is not exposed exactly once, as it is']),
    ...(offered.toSorted().join() === named.toSorted().join()
      ? []
      : [`${offered.join()} is not the contract`]),
    ...nodes.filter(letsOut).map((it) => `${it.getText()} leaves the preload`),
  ]
}

const keysOf = (node: ts.Expression) =>
  ts.isObjectLiteralExpression(node) ? node.properties.map((it) => it.name?.getText() ?? '...') : []

/** Electron's own objects may be asked for a member by name; handing one on gives all it can do. */
function letsOut(node: ts.Node): boolean {
  if (!ts.isIdentifier(node)) return false
  const guarded = ['ipcRenderer', 'contextBridge', 'event', '_event'].includes(node.text)
  if (!guarded || ts.isImportSpecifier(node.parent) || ts.isParameter(node.parent)) return false
  // `on: (event, listener)`: here the event is a name of the contract, which is only put into a channel's name.
  if (ts.isTemplateSpan(node.parent)) return false
  if (!ts.isPropertyAccessExpression(node.parent)) return true
  return node.text.endsWith('event') && node.parent.getText() !== 'event.ports'
}

const handlerFiles = new Set(['main/bridge/serve.ts', 'main/bridge/streams.ts'])
const ipcFile = 'main/platform/ipc.ts'

const handlers = eachNode((node, path) => {
  if (ts.isIdentifier(node) && /^ipcMain$/.test(node.text)) {
    const named = ts.isImportSpecifier(node.parent)
    const given = node.parent.getText() === 'ipc: Ipc = ipcMain'
    return path === ipcFile && (named || given) ? undefined : 'ipcMain is used beside the bridge'
  }
  if (!ts.isCallExpression(node) || !path.startsWith('main/')) return undefined
  const called = node.expression.getText()
  if (/\.ipc\.(?:on|handle|once)/.test(called)) return called
  return /^ipc\.handle$/.test(called) && !handlerFiles.has(path) ? called : undefined
})

/** Each handler lets nothing in that the guard has not seen, in the same turn. */
const guarded: Rule = (sources) =>
  sources
    .filter(({ path }) => handlerFiles.has(path))
    .flatMap((source) =>
      nodesOf(source).flatMap((node) => {
        if (!ts.isCallExpression(node) || node.expression.getText() !== 'ipc.handle') return []
        const text = node.arguments[1]?.getText().replace(/\s+/g, ' ') ?? ''
        return /^\(event, (?:nonce, )?input\) => reply\(channel, (?:service\.)?failed, \(\) => \{ const done = guard\.admit\(event, channel, input\)/.test(
          text,
        )
          ? []
          : [`${source.path}: a handler without its guard`]
      }),
    )

const plainHttp: Rule = (sources) =>
  sources.flatMap(({ path, text }) =>
    [...text.matchAll(/\b(?:http|ftp):\/\/[^\s'"`)]+/g)]
      .map(([url]) => url)
      .filter((url) => !isAllowedHttp(path, url))
      .map((url) => `${path}: ${url}`),
  )

const isAllowedHttp = (path: string, url: string) =>
  url.startsWith('http://www.w3.org/') ||
  (path === 'main/app/network.ts' && url === 'http://*/*') ||
  // A loopback address that is shown, or is a base to parse against; nothing of the app's is loaded from it.
  /^http:\/\/(?:localhost|127\.0\.0\.1)(?:[:/$]|$)/.test(url)

/** Pages hold no script of their own and load none from elsewhere. */
const pages: Rule = (sources) =>
  sources
    .filter(({ path }) => path.endsWith('.html'))
    .flatMap(({ path, text }) => [
      ...(/<script(?![^>]*\bsrc=)/i.test(text) ? [`${path}: a script in the page`] : []),
      ...(/\son[a-z]+\s*=/i.test(text) ? [`${path}: a handler in the page`] : []),
      ...(/(?:src|href)\s*=\s*["']?\s*(?:https?:)?\/\//i.test(text)
        ? [`${path}: from elsewhere`]
        : []),
      ...(/<(?:iframe|object|embed|webview|base|form)\b/i.test(text)
        ? [`${path}: something embedded`]
        : []),
    ])

const builderFile = 'build/electron-builder.yml'

const packaging: Rule = (sources) => [
  ...sources
    .filter(({ path }) => /\.(?:ya?ml|json|desktop)$/.test(path))
    .filter(({ text }) => /no-sandbox|disable-web-security|NODE_TLS_REJECT_UNAUTHORIZED/.test(text))
    .map(({ path }) => `${path}: switches protection off`),
  ...sources
    .filter(({ path }) => path === builderFile)
    .filter(({ text }) => !startsWithoutSwitches(text))
    .map(({ path }) => `${path}: an AppImage would start without its sandbox`),
]

/** Where an AppImage's are not given, the packer itself writes one that takes the sandbox away. */
function startsWithoutSwitches(text: string): boolean {
  const { appImage } = parse(text) as { readonly appImage?: { readonly executableArgs?: unknown } }
  const given = appImage?.executableArgs
  return Array.isArray(given) && given.length === 0
}

export const rules = {
  oneWindow,
  bannedWords,
  openLinks,
  settingsOf,
  certificates,
  electronImports,
  preloadImports,
  preloadExposes,
  handlers,
  guarded,
  plainHttp,
  pages,
  packaging,
} satisfies Record<string, Rule>

/** A policy as its directives. */
const parsePolicy = (policy: string): Map<string, string[]> =>
  new Map(
    policy.split(';').map((it) => {
      const [name = '', ...values] = it.trim().split(/\s+/)
      return [name, values] as const
    }),
  )

/** What a policy allows that it must not. */
export function weaknesses(policy: string): string[] {
  const directives = parsePolicy(policy)
  const must: Readonly<Record<string, string>> = {
    'default-src': "'none'",
    'script-src': "'self'",
    'connect-src': "'self'",
    'worker-src': "'self'",
    'font-src': "'self'",
    'img-src': "'self' data:",
    'style-src': "'self' 'unsafe-inline'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
    'require-trusted-types-for': "'script'",
    'trusted-types': 'gatehouse-worker',
  }
  const wrong = Object.entries(must).filter(
    ([name, value]) => directives.get(name)?.join(' ') !== value,
  )
  const more = [...directives.keys()].filter((it) => !Object.hasOwn(must, it))
  return [...wrong.map(([name]) => name), ...more]
}

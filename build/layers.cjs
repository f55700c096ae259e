/** Who may import whom. The README's map, enforced. */

const room = '(proxy|live|terminals|helm|audit|access)'
const upstream = '^server/proxy/upstream/'
// Checks an exported audit chain without a database or a gateway: the command line’s too.
const offline = '^server/audit/verify-file\\.ts$'
const npm = (...names) => names.map((name) => `node_modules/(@types/)?${name}/`)

/** What `from` may see besides itself; everything else is out. */
const only = (name, from, allowed, extra = {}) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { pathNot: [from, ...allowed], ...extra },
})

const never = (name, from, to) => ({ name, severity: 'error', from, to })

const everywhere = [
  never('no-cycles', {}, { circular: true }),
  never('no-unresolved', {}, { couldNotResolve: true }),
  never('nothing-imports-tests', { pathNot: '^(test|build)/' }, { path: '^test/' }),
  // The bench and the sandbox start the same real cluster as the tests do.
  never(
    'scripts-use-the-test-cluster-only',
    { path: '^build/', pathNot: '^build/scripts/screens/desktop' },
    { path: '^test/', pathNot: '^test/support/cluster/' },
  ),
  // The app is photographed as the stories open it.
  never(
    'pictures-open-the-app-as-stories-do',
    { path: '^build/scripts/screens/desktop' },
    { path: '^test/', pathNot: '^test/support/(cluster/|homes|stories)' },
  ),
  never('nothing-imports-build', { pathNot: '^(test|build)/' }, { path: '^build/' }),
]

const desktop = [
  only('bridge-contract-is-pure', '^preload/contract/', ['^server/contract/', ...npm('zod')]),
  only('preload-is-a-wire', '^preload/index', [
    '^preload/contract/',
    ...npm('electron'),
    '^electron$',
  ]),
  never(
    'preload-holds-types-only',
    { path: '^preload/index' },
    { path: '/contract/', dependencyTypesNot: ['type-only'] },
  ),
  only('renderer-sees-contracts', '^renderer/', ['^(server|preload)/contract/', 'node_modules/']),
  never(
    'renderer-has-no-machine',
    { path: '^renderer/' },
    { path: '^electron$|node_modules/electron/' },
  ),
  never(
    'main-sees-contracts',
    { path: '^main/' },
    { path: '^(renderer|preload/(?!contract)|server/(?!contract))' },
  ),
  never(
    'features-know-no-bridge',
    { path: '^main/(app|gateway|loopback|forwards|terminals)/' },
    { path: '^main/bridge/' },
  ),
  never(
    'components-know-no-data',
    { path: '^renderer/components/' },
    { path: '^renderer/(data|screens|app)/' },
  ),
  never(
    'data-knows-no-ui',
    { path: '^renderer/data/' },
    { path: '^renderer/(components|screens|app)/' },
  ),
  never(
    'screens-are-islands',
    { path: '^renderer/screens/([^/]+)/' },
    { path: '^renderer/screens/', pathNot: '^renderer/screens/$1/' },
  ),
]

const gateway = [
  only('contract-is-pure', '^server/contract/', npm('zod')),
  never(
    'server-stands-alone',
    { path: '^server/' },
    { path: ['^(main|preload|renderer)/', 'node_modules/electron/', '^electron$'] },
  ),
  never(
    'express-stays-at-the-rim',
    { path: '^server/', pathNot: '^server/(app\\.ts|http/|auth/)' },
    { path: npm('express', 'express-serve-static-core', 'helmet') },
  ),

  only('routes-call-services', '^server/routes/', [
    '^server/(contract|services|policies|models)/',
    '^server/deps\\.ts$',
  ]),
  never(
    'routes-see-model-types-only',
    { path: '^server/routes/' },
    { path: '^server/models/', dependencyTypesNot: ['type-only'] },
  ),

  never(
    'services-know-no-http',
    { path: '^server/(services|policies|models)/' },
    { path: '^server/(index\\.ts|app\\.ts|routes/|http/|cli/)' },
  ),
  never(
    'services-reach-clusters-through-rooms',
    { path: '^server/services/' },
    { path: '^server/proxy/', pathNot: `${upstream}index\\.ts$` },
  ),
  never(
    'models-are-the-floor',
    { path: '^server/models/' },
    { path: `^server/(index\\.ts|app\\.ts|deps\\.ts|services/|policies/|auth/|${room}/)` },
  ),
  never(
    'policies-are-pure',
    { path: '^server/policies/' },
    { path: `^server/(services|models|auth|${room})/`, dependencyTypesNot: ['type-only'] },
  ),
  // A migration describes a day in the past; a model changes later and would change that day.
  only('migrations-stand-alone', '^server/migrations/', npm('sequelize', 'umzug'), {
    dependencyTypesNot: ['core'],
  }),
]

const rooms = [
  // The upstream folder is the one inner door: it is how a room reaches a cluster. Policies see
  // nothing but types, and through a door those would run in a circle.
  never(
    'a-room-has-one-door',
    { path: '^server/', pathNot: `^server/(policies|${room})/` },
    { path: `^server/${room}/`, pathNot: [`^server/${room}/index\\.ts$`, upstream, offline] },
  ),
  never(
    'a-room-enters-by-the-door',
    { path: `^server/${room}/` },
    {
      path: `^server/${room}/`,
      pathNot: ['^server/$1/', `^server/${room}/index\\.ts$`, upstream],
    },
  ),
  // Everything spends an Access and leaves an event; beyond that, rooms do not know each other.
  never(
    'rooms-are-islands',
    { path: `^server/${room}/` },
    {
      path: '^server/',
      pathNot: [
        '^server/$1/',
        '^server/(contract|models|policies)/',
        '^server/config\\.ts$',
        '^server/(access|audit)/index\\.ts$',
        upstream,
      ],
    },
  ),
  never(
    'access-and-audit-reach-no-cluster',
    { path: '^server/(access|audit)/' },
    { path: '^server/(proxy|live|terminals|helm)/' },
  ),
  never(
    'one-way-to-a-cluster',
    {
      path: `^server/(services|routes|policies|models|access|live|terminals|helm|proxy)/`,
      pathNot: upstream,
    },
    { path: npm('undici', '@kubernetes/client-node'), dependencyTypesNot: ['type-only'] },
  ),
  only(
    'cli-is-a-client',
    '^server/cli/',
    ['^server/contract/', offline, ...npm('yaml', 'proper-lockfile')],
    { dependencyTypesNot: ['core'] },
  ),
  never('nothing-imports-the-cli', { path: '^server/(?!cli/)' }, { path: '^server/cli/' }),
]

module.exports = {
  forbidden: [...everywhere, ...desktop, ...gateway, ...rooms],
  options: {
    tsPreCompilationDeps: 'specify',
    doNotFollow: { path: 'node_modules' },
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.json', '.d.ts'],
      conditionNames: ['import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
}

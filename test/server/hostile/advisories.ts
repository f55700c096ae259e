/** One known failure of a gateway or proxy like ours, and what keeps us from repeating it. */
export type Advisory = {
  readonly ids: readonly string[]
  /** What went wrong there. */
  readonly was: string
} & (
  | {
      /** `<file>: <describe> > <title>`, as the file spells it. */
      readonly tests: readonly string[]
    }
  | { readonly notApplicable: `because ${string}` }
)

const hidden = 'upgrades: a request hidden behind an upgrade never reaches the cluster'
const impersonates =
  'identity: a client that impersonates is refused, whatever it may do in the cluster'
const claims = 'identity: a header that claims an identity, an origin or another target'
const reading = 'upgrades: reading is not running: with the right to read'
const revoked = 'revocation: a stream of every kind ends on both sides when %s'
const redirect = 'upgrades: a redirect leads nobody anywhere, neither the gateway nor the client'

export const advisories: readonly Advisory[] = [
  {
    ids: ['CVE-2018-1002105'],
    was: 'a refused upgrade left the connection open to requests behind it',
    tests: [`${hidden} > when the cluster answers %s, and both connections end`],
  },
  {
    ids: ['CVE-2020-8559'],
    was: 'an upgrade’s answer other than 101 was relayed, so that a node could redirect the client',
    tests: [`${hidden} > when the cluster answers %s, and both connections end`, redirect],
  },
  {
    ids: ['CVE-2018-1002102'],
    was: 'redirects were followed with credentials',
    tests: [redirect],
  },
  {
    ids: ['CVE-2022-3172'],
    was: 'redirects of aggregated APIs were passed on to clients with their credentials',
    tests: [redirect],
  },
  {
    ids: ['CVE-2020-8561'],
    was: 'redirects of webhooks reached internal addresses',
    tests: [redirect],
  },
  {
    ids: ['CVE-2020-8562'],
    was: 'a name was resolved once to be checked and again to be dialled',
    tests: [
      'registration: a name that rebinds is connected to where it was judged, or not at all',
      '../upstream/connections: a name is resolved once and connected to where it was judged',
    ],
  },
  {
    ids: ['CVE-2022-3294'],
    was: 'a node’s address was not verified when it was proxied to',
    tests: [`${reading} > %s is refused by GET, POST and WebSocket`],
  },
  {
    ids: ['CVE-2019-11247'],
    was: 'a path with a namespace reached kinds that are in none',
    tests: ['upgrades: a namespace in the path opens no kind outside of it'],
  },
  {
    ids: ['CVE-2022-1996'],
    was: 'origins were matched by an expression without anchors',
    tests: [
      'edge: a request under a foreign name or from a foreign page > is refused on the cluster path: %s',
    ],
  },
  {
    ids: ['CVE-2023-44487', 'CVE-2023-39325'],
    was: 'streams of HTTP/2 were opened and reset without end',
    tests: ['floods: only HTTP/1.1 is spoken, whatever a client offers or begins with'],
  },
  {
    ids: ['kubernetes#78741', 'kubernetes#134577', 'nodes/proxy GET RCE (2026)'],
    was: 'a GET with a WebSocket counted as reading',
    tests: [`${reading} > %s is refused by GET, POST and WebSocket`],
  },
  {
    ids: ['CVE-2021-31999'],
    was: 'Connection named the proxy’s own identity header, which was then removed',
    tests: ['identity: what Connection names is dropped, what the gateway injects is not'],
  },
  {
    ids: ['CVE-2021-36776'],
    was: 'a client’s impersonation header was forwarded',
    tests: [`${impersonates} > %s`],
  },
  {
    ids: ['CVE-2026-44945'],
    was: 'rights were asked of the cluster that is attacked, for an identity from request headers',
    tests: [
      'identity: what one person was answered > by one cluster is not reached by a grant on another',
      'identity: the identity upstream is the profile’s and nothing else',
    ],
  },
  {
    ids: ['CVE-2025-54468', 'CVE-2026-88811'],
    was: 'identity headers and credentials were sent to third parties',
    tests: [`${claims} > never arrives with %s`],
  },
  {
    ids: ['CVE-2019-14435', 'CVE-2021-25320'],
    was: 'the checked host was not the dialled one; a credential was named by who did not own it',
    tests: [
      'targets: a host in the path is refused and nobody is contacted: %s',
      'identity: what one person was answered > by one cluster is not reached by a grant on another',
    ],
  },
  {
    ids: ['GHSA-c45c-39f6-6gw9', 'GHSA-9ghh-mmcq-8phc'],
    was: 'tokens outlived a disabled person',
    tests: [revoked],
  },
  {
    ids: ['CVE-2026-17107'],
    was: 'group headers were added behind the client’s own',
    tests: [`${impersonates} > %s`, `${claims} > never arrives with %s`],
  },
  {
    ids: ['CVE-2026-61682'],
    was: 'X-Remote-* headers of clients reached the cluster',
    tests: [`${claims} > never arrives with %s`],
  },
  {
    ids: ['GHSA-r5c2-7hp9-v678'],
    was: 'the proxy’s impersonation headers could be replaced',
    tests: [
      `${impersonates} > %s`,
      `${impersonates} > also where the gateway itself answers: who one is and what one may do`,
    ],
  },
  {
    ids: ['GHSA-4xh5-jcj2-ch8q'],
    was: 'an empty subject meant no impersonation, and so the operator’s own rights',
    tests: ['identity: a token that the gateway did not make as it stands > is refused: %s'],
  },
  {
    ids: ['kube-oidc-proxy Impersonate-Uid', 'kube-oidc-proxy#17'],
    was: 'Impersonate-Uid was overlooked; an unusual address of a peer ended the process',
    tests: [
      `${impersonates} > %s`,
      'edge: a caller over IPv6, or IPv4 within it, is served and recorded by his own address',
    ],
  },
  {
    ids: ['system:masters from OIDC claims'],
    was: 'groups were taken from claims without a filter',
    tests: [
      'identity: a token that the gateway did not make as it stands > and claims of groups in a token of ours change nothing',
    ],
  },
  {
    ids: ['CVE-2025-49825'],
    was: 'a certificate nested in an SSH key passed as its holder’s authentication',
    notApplicable:
      'because nobody signs in with a certificate or an SSH key: a bearer is all there is',
  },
  {
    ids: ['Teleport PR#33539'],
    was: 'a call for a program behind a proxy was decided like reading its Service',
    tests: [`${reading} > %s is refused by GET, POST and WebSocket`],
  },
  {
    ids: ['Teleport 17.7.26'],
    was: 'X-Forwarded-Host led requests elsewhere',
    tests: [`${claims} > never arrives with %s`],
  },
  {
    ids: ['GHSA-rp4v-hhm6-rcv9'],
    was: 'an access token was accepted behind its expiry',
    tests: [
      'identity: a token that the gateway did not make as it stands > is refused: %s',
      'revocation: a token that expires in the middle of a stream opens no other one, and cuts none',
      'revocation: a stream ends at the end of its grant, without anybody asking',
    ],
  },
  {
    ids: ['CVE-2025-14269'],
    was: 'remembered credentials were used for who had not signed in',
    tests: [
      'identity: what one person was answered > is not given to who names nobody, with whatever was remembered',
    ],
  },
  {
    ids: ['GitLab KAS CSRF (H1 2286823)'],
    was: 'a cookie opened the cluster path to other sites’ pages',
    tests: [
      'identity: the bearer > is not accepted as %s',
      'edge: a request under a foreign name or from a foreign page > is refused on the cluster path: %s',
    ],
  },
  {
    ids: ['GitLab KAS NEL injection', 'GitLab KAS X-Accel-Redirect'],
    was: 'a cluster’s headers had power over the gateway’s origin and front',
    tests: ['responses: an answer’s power over browsers and proxies is not passed on > %s'],
  },
  {
    ids: ['CVE-2025-0475'],
    was: 'a body without a type ran as a page of the gateway',
    tests: ['responses: a body is bytes and never a page of the gateway > without a type'],
  },
  {
    ids: ['CVE-2026-29057', 'GHSA-ggv3-7p47-pfv8'],
    was: 'a chunked DELETE was sent with length 0, and its body became a second request',
    tests: ['bodies: a second request inside of a body stays a body > in a chunked %s'],
  },
  {
    ids: ['CVE-2026-107318'],
    was: 'certificates were not verified unless that was asked for',
    tests: [
      'registration: a token is sent to nobody who has not proved to be the cluster > neither under another authority nor under another name',
    ],
  },
  {
    ids: ['CVE-2026-16158'],
    was: 'a key of a cache without a delimiter mixed two upstreams',
    tests: ['identity: names that run together mix neither clusters nor credentials'],
  },
  {
    ids: [
      'CVE-2026-16117',
      'CVE-2026-120213',
      'CVE-2026-15631',
      'CVE-2021-21321',
      'CVE-2021-21322',
    ],
    was: 'a prefix was compared on one reading of the path and another was forwarded',
    tests: [
      'targets: a path that leads out of its namespace is refused: %s',
      'targets: an escape that another reader could take for a delimiter is refused: %s',
      'targets: the path of an upgrade is read as strictly as that of a request',
      'targets: what is decided on is what the cluster receives, escape for escape',
    ],
  },
  {
    ids: ['GHSA-79qm-7rj5-m7r9'],
    was: 'what an answer’s Connection named was forwarded',
    tests: ['responses: what the cluster’s Connection names is not relayed'],
  },
  {
    ids: ['undici Pool slot leak'],
    was: 'each request that undici refuses to send took one connection of its pool for good',
    tests: [
      'bodies: what undici would refuse to send never reaches it > three hundred such requests leave the cluster open to the next one',
      '../upstream/connections: three hundred requests that cannot be sent leave the cluster open to the next one',
    ],
  },
]

import { Buffer } from 'node:buffer'
import { describe, expect, test } from 'vitest'
import {
  bearerOf,
  bodyOf,
  checkHost,
  checkOrigin,
  forwardedHead,
  incomingHead,
  isRedirect,
  outgoingHead,
  upgradeOf,
  type Head,
  type Injected,
} from '../../../server/proxy/heads.ts'
import type { RawHeaders } from '../../../server/proxy/raw-headers.ts'
import type { Refused } from '../../../server/proxy/refused.ts'

const injected: Injected = {
  host: 'cluster:6443',
  authorization: 'Bearer upstream',
  auditId: 'audit-1',
  forwardedFor: '192.0.2.1',
}
const injectedPairs = [
  'host cluster:6443',
  'authorization Bearer upstream',
  'audit-id audit-1',
  'x-forwarded-for 192.0.2.1',
]

/** `name: value` lines as Node's rawHeaders. */
const raw = (...lines: readonly string[]) =>
  lines.flatMap((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })

/** The whole head for the cluster, or why there is none. */
const outgoing = (rawHeaders: RawHeaders, more: Injected, proxied = false): Head | Refused => {
  const head = forwardedHead(rawHeaders, proxied)
  return head.status === 'refused'
    ? head
    : { status: 'ok', headers: outgoingHead(head.headers, more) }
}

const pairs = (head: Head | Refused) => {
  if (head.status === 'refused') throw new Error(head.reason)
  return Array.from({ length: head.headers.length / 2 }, (_, i) =>
    head.headers.slice(2 * i, 2 * i + 2).join(' '),
  )
}
const sent = (...lines: readonly string[]) => pairs(outgoing(raw(...lines), injected))
const own = (...lines: readonly string[]) => sent(...lines).slice(0, -injectedPairs.length)

describe('the head for the cluster', () => {
  test('what kubectl sends goes through, in order, with what the gateway injects last', () => {
    const lines = [
      'Accept: application/json;as=Table',
      'User-Agent: kubectl',
      'Kubectl-Command: kubectl get',
      'If-None-Match: "x"',
    ]
    expect(sent('Host: gw', 'Authorization: Bearer mine', ...lines)).toEqual([
      'accept application/json;as=Table',
      'user-agent kubectl',
      'kubectl-command kubectl get',
      'if-none-match "x"',
      ...injectedPairs,
    ])
  })

  // kubernetes#95733: old API servers do not read the merged form.
  test('repeated stream protocol versions stay separate lines', () => {
    const lines = [
      'X-Stream-Protocol-Version: v5.channel.k8s.io',
      'X-Stream-Protocol-Version: v4.channel.k8s.io',
    ]
    expect(own(...lines)).toEqual([
      'x-stream-protocol-version v5.channel.k8s.io',
      'x-stream-protocol-version v4.channel.k8s.io',
    ])
  })

  // S3-T17, S4-T10, CVE-2021-36776, GHSA-r5c2-7hp9-v678; stripping would run the command with more rights.
  test('every form of impersonation is forbidden', () => {
    const names = [
      'Impersonate-User',
      'impersonate-uid',
      'IMPERSONATE-GROUP',
      'Impersonate-Extra-Scopes%2f',
      'Impersonate_User',
      'impersonate_group',
    ]
    for (const name of names)
      expect(outgoing([name, 'x'], injected), name).toMatchObject({
        status: 'refused',
        code: 'forbidden',
      })
    expect(
      outgoing(raw('Connection: impersonate-user', 'Impersonate-User: x'), injected),
    ).toMatchObject({ code: 'forbidden' })
  })

  // CVE-2026-61682, CVE-2025-54468: only allow-listed headers arrive.
  test('identity, origin and routing headers of the client never arrive', () => {
    const lines = [
      'Cookie: a=b',
      'Proxy-Authorization: x',
      'X-Remote-User: system:admin',
      'X-Remote-Group: system:masters',
      'X-Remote-Extra-a: b',
      'X-Remote-Uid: 1',
      'Forwarded: for=1',
      'X-Forwarded-For: 10.0.0.1',
      'X-Forwarded-Host: evil',
      'X-Forwarded-Proto: http',
      'X-Real-Ip: 1',
      'X-Original-URL: /x',
      'X-Rewrite-URL: /x',
      'X-HTTP-Method-Override: DELETE',
      'Audit-ID: ../../x',
      'Origin: x',
      'Referer: x',
      'X-Anything: x',
    ]
    expect(own(...lines)).toEqual([])
    const program = outgoing(raw(...lines), injected, true)
    expect(pairs(program).slice(0, -injectedPairs.length)).toEqual([
      'origin x',
      'referer x',
      'x-anything x',
    ])
  })

  // proxy.md section 7 row 15: undici loses a pool slot for each of these.
  test('hop-by-hop headers never arrive, whatever the request is for', () => {
    const lines = [
      'Expect: 100-continue',
      'TE: gzip',
      'Keep-Alive: 1',
      'Connection: close',
      'Proxy-Connection: x',
      'Trailer: x',
      'Transfer-Encoding: chunked',
      'Upgrade: websocket',
      'HTTP2-Settings: x',
    ]
    expect(own(...lines)).toEqual([])
    expect(pairs(outgoing(raw(...lines), injected, true))).toEqual(injectedPairs)
  })

  // CVE-2021-31999: Connection must not delete what the proxy itself adds.
  test('what Connection names is dropped, and what the gateway injects is not', () => {
    const lines = [
      'Connection: authorization, Accept,x-forwarded-for',
      'Connection: content-length',
      'Accept: x',
      'Content-Length: 3',
      'User-Agent: u',
    ]
    expect(sent(...lines)).toEqual(['user-agent u', ...injectedPairs])
  })

  // CVE-2026-17107: two of one kind, and each reader takes another.
  test('a header that decides something is refused when it comes twice or with an underscore', () => {
    const names = [
      'Host',
      'Authorization',
      'Content-Length',
      'Content-Type',
      'Content-Encoding',
      'Sec-WebSocket-Key',
    ]
    for (const name of names) {
      expect(outgoing([name, '1', name.toLowerCase(), '1'], injected), name).toMatchObject({
        code: 'invalid_input',
      })
    }
    expect(outgoing(['Content_Length', '1'], injected)).toMatchObject({ code: 'invalid_input' })
  })

  test('values that cannot be sent are refused', () => {
    const values = ['a\r\nX: y', 'a\nb', 'a\0b', 'a\u007fb', 'a\u0100']
    for (const value of values)
      expect(outgoing(['Accept', value], injected)).toMatchObject({ code: 'invalid_input' })
    for (const value of ['1e3', '+1', '-1', '', ' 1', '1'.repeat(16)]) {
      expect(outgoing(['Content-Length', value], injected)).toMatchObject({
        code: 'invalid_input',
      })
    }
    expect(own('Accept: a\tb ÿ')).toEqual(['accept a\tb ÿ'])
  })

  // proxy.md section 7 row 10: with an expired credential this token would become the identity.
  test('a token in the WebSocket protocol is refused in any form', () => {
    const token = 'base64url.bearer.authorization.k8s.io.dG9rZW4'
    const values = [
      token,
      `${token}, v5.channel.k8s.io`,
      `v5.channel.k8s.io,${token}`,
      `${token}, ${token}`,
      token.toUpperCase(),
      `${token.slice(0, 38)}!!`,
    ]
    for (const value of values)
      expect(outgoing(['Sec-WebSocket-Protocol', value], injected)).toMatchObject({
        code: 'invalid_input',
      })
    const two = ['Sec-WebSocket-Protocol', 'v5.channel.k8s.io', 'sec-websocket-protocol', token]
    expect(outgoing(two, injected)).toMatchObject({ code: 'invalid_input' })
    expect(own('Sec-WebSocket-Protocol: v5.channel.k8s.io')).toHaveLength(1)
  })

  test('an upgrade goes out as exactly one Connection and one Upgrade', () => {
    const head = pairs(
      outgoing(raw('Connection: keep-alive, Upgrade', 'Upgrade: WebSocket'), {
        ...injected,
        upgrade: 'websocket',
      }),
    )
    expect(head).toEqual([...injectedPairs, 'connection Upgrade', 'upgrade websocket'])
  })
})

describe('the head for the client', () => {
  const forced = ['x-content-type-options nosniff', 'content-security-policy sandbox']
  const received = (...lines: readonly string[]) => pairs(incomingHead(raw(...lines)))

  test('the cluster’s answer goes through with its warnings and without its power over browsers', () => {
    const good = [
      'Content-Type: application/json',
      'Content-Length: 2',
      'Warning: 299 - "a"',
      'Warning: 299 - "b"',
      'Audit-Id: x',
      'Retry-After: 1',
    ]
    const bad = [
      'Set-Cookie: a=b',
      'Location: https://evil',
      'Refresh: 0',
      'NEL: {}',
      'Report-To: {}',
      'X-Accel-Redirect: /x',
      'Access-Control-Allow-Origin: *',
      'WWW-Authenticate: Basic',
      'Connection: close',
      'Transfer-Encoding: chunked',
      'Content-Security-Policy: none',
      'X-Content-Type-Options: x',
      'Server: x',
    ]
    expect(received(...good, ...bad)).toEqual([
      'content-type application/json',
      'content-length 2',
      'warning 299 - "a"',
      'warning 299 - "b"',
      'audit-id x',
      'retry-after 1',
      ...forced,
    ])
  })

  // CVE-2025-0475: no Content-Type lets a browser guess.
  test('a body without a type is bytes, and undici’s buffers are read too', () => {
    expect(received('Date: now')).toEqual([
      'date now',
      'content-type application/octet-stream',
      ...forced,
    ])
    const bytes = [
      Buffer.from('Content-Type'),
      Buffer.from('text/plain'),
      Buffer.from('X-Secret'),
      Buffer.from('x'),
    ]
    expect(pairs(incomingHead(bytes))).toEqual(['content-type text/plain', ...forced])
  })

  // GHSA-79qm-7rj5-m7r9
  test('what the cluster’s Connection names is not relayed', () => {
    expect(
      received('Connection: ETag, content-type', 'ETag: x', 'Content-Type: text/html'),
    ).toEqual(['content-type application/octet-stream', ...forced])
  })

  test('the gateway’s audit id replaces the cluster’s', () => {
    const head = pairs(
      incomingHead(raw('Audit-ID: theirs', 'Content-Type: a/b'), { auditId: 'ours' }),
    )
    expect(head).toEqual(['content-type a/b', 'audit-id ours', ...forced])
  })

  test('a head that could split or confuse the answer is a bad gateway', () => {
    const heads = [
      ['ETag', 'a\r\nSet-Cookie: x'],
      ['Warning', 'a\0'],
      ['Content-Length', '1', 'content-length', '2'],
      ['Content-Length', '1, 2'],
      ['Content-Type', 'a/b', 'Content-Type', 'text/html'],
    ]
    for (const head of heads)
      expect(incomingHead(head)).toMatchObject({ status: 'refused', code: 'bad_gateway' })
  })

  test('a handshake’s own headers pass for an upgrade only', () => {
    const lines = [
      'Sec-WebSocket-Accept: x',
      'Sec-WebSocket-Protocol: v5.channel.k8s.io',
      'X-Stream-Protocol-Version: v4.channel.k8s.io',
      'Content-Type: a/b',
    ]
    expect(received(...lines)).toEqual(['content-type a/b', ...forced])
    expect(pairs(incomingHead(raw(...lines), { upgrade: true }))).toHaveLength(4 + forced.length)
  })

  // CVE-2022-3172, CVE-2018-1002102
  test('every redirect is recognised, and a revalidation is none', () => {
    for (const status of [300, 301, 302, 303, 307, 308]) expect(isRedirect(status, [])).toBe(true)
    expect(isRedirect(304, [])).toBe(false)
    expect(isRedirect(304, raw('Location: /x'))).toBe(true)
    expect(isRedirect(201, raw('Location: /x'))).toBe(false)
  })
})

// S4-T14
describe('the bearer', () => {
  const cookies: ReadonlySet<string> = new Set(['__Host-gatehouse'])
  const bearer = (...lines: readonly string[]) => bearerOf(raw(...lines), cookies)

  test('without an Authorization header there is none, whatever the cookies say', () => {
    expect(bearer()).toEqual({ status: 'none' })
    expect(bearer('Host: x', 'Cookie: __Host-gatehouse=t', 'X-Authorization: Bearer t')).toEqual({
      status: 'none',
    })
  })

  test.each(['Bearer t', 'bearer t', 'BEARER t', 'bEaReR t'])('%s is the token t', (value) => {
    expect(bearer(`Authorization: ${value}`)).toEqual({ status: 'token', token: 't' })
  })

  test('a token keeps its case and padding', () => {
    expect(bearer('authorization: Bearer aB-._~+/9==')).toEqual({
      status: 'token',
      token: 'aB-._~+/9==',
    })
  })

  const invalid = [
    '',
    'bearer',
    'bearer ',
    'bearertoken',
    'Bearer  t',
    'Bearer\tt',
    'Bearer t other',
    'Bearer t,u',
    'Basic dDp0',
    'Basic, Bearer t',
    'token Bearer t',
    'Bearer =',
    'Bearer a=b',
    'Bearer t\u00e4',
    'Bearer "t"',
    'ｂearer t',
  ]
  test.each(invalid)('"%s" is not valid', (value) => {
    expect(bearerOf(['Authorization', value], cookies)).toMatchObject({
      status: 'invalid',
      code: 'unauthenticated',
    })
  })

  test('two Authorization headers are not valid, whichever comes first', () => {
    expect(bearer('Authorization: Bearer t', 'authorization: Bearer t')).toMatchObject({
      status: 'invalid',
    })
    expect(bearer('Authorization: ', 'Authorization: Bearer t')).toMatchObject({
      status: 'invalid',
    })
  })

  // S1-T05
  test('beside one of the gateway’s own cookies it is a bad request; other cookies do not matter', () => {
    const own = [
      'Cookie: __Host-gatehouse=x',
      'Cookie: a=b;__Host-gatehouse=x',
      'Cookie: a=b; __Host-gatehouse',
    ]
    for (const line of own)
      expect(bearer(line, 'Authorization: Bearer t')).toMatchObject({
        status: 'invalid',
        code: 'invalid_input',
      })
    expect(
      bearer('Cookie: a=b', 'Cookie: a=1; x__Host-gatehouse=x', 'Authorization: Bearer t'),
    ).toMatchObject({ status: 'token' })
  })
})

// proxy.md section 7 row 21; CVE-2022-1996
describe('Host and Origin', () => {
  const hosts: ReadonlySet<string> = new Set(['gw.example.com:8443'])
  const origins: ReadonlySet<string> = new Set(['https://gw.example.com:8443'])

  test('exactly one known Host is accepted, in any case', () => {
    expect(checkHost(raw('Host: GW.example.com:8443'), hosts)).toBeUndefined()
    const unknown = [
      'evil',
      '127.0.0.1:8443',
      'gw.example.com',
      'gw.example.com:8443.',
      'gw.example.com:8443.evil.com',
      '',
    ]
    for (const host of unknown)
      expect(checkHost(['Host', host], hosts), host).toMatchObject({ code: 'forbidden' })
  })

  test('no Host or two are a bad request, even two equal ones', () => {
    expect(checkHost([], hosts)).toMatchObject({ code: 'invalid_input' })
    expect(
      checkHost(raw('Host: gw.example.com:8443', 'host: gw.example.com:8443'), hosts),
    ).toMatchObject({ code: 'invalid_input' })
  })

  test('an Origin is on the list to the letter, or absent', () => {
    expect(checkOrigin([], origins)).toBeUndefined()
    expect(
      checkOrigin(
        raw('Origin: https://gw.example.com:8443', 'Sec-Fetch-Site: same-origin'),
        origins,
      ),
    ).toBeUndefined()
    const others = [
      'https://evil',
      'null',
      '',
      'https://gw.example.com:8443.evil.com',
      'https://gw.example.evil.com',
      'http://gw.example.com:8443',
      'https://GW.example.com:8443',
    ]
    for (const origin of others)
      expect(checkOrigin(['Origin', origin], origins), origin).toMatchObject({ code: 'forbidden' })
  })

  test('a cross-site request is forbidden, and so are two origins', () => {
    expect(checkOrigin(raw('Sec-Fetch-Site: Cross-Site'), origins)).toMatchObject({
      code: 'forbidden',
    })
    const twice = raw('Origin: https://gw.example.com:8443', 'Origin: https://gw.example.com:8443')
    expect(checkOrigin(twice, origins)).toMatchObject({ status: 'refused' })
  })
})

// proxy.md sections 1.4 and 7 row 12
describe('an upgrade', () => {
  const upgrade = (...lines: readonly string[]) => upgradeOf(raw(...lines))

  test('is websocket or SPDY/3.1, spelled one way from here on', () => {
    expect(upgrade('Connection: Upgrade', 'Upgrade: WebSocket')).toEqual({
      status: 'upgrade',
      protocol: 'websocket',
    })
    expect(
      upgrade('Connection: keep-alive, UPGRADE', 'Upgrade: spdy/3.1', 'Content-Length: 0'),
    ).toEqual({ status: 'upgrade', protocol: 'SPDY/3.1' })
  })

  test('is not what carries neither header', () => {
    expect(upgrade('Connection: keep-alive', 'Accept: x')).toEqual({ status: 'plain' })
    expect(upgrade()).toEqual({ status: 'plain' })
  })

  const refused: readonly (readonly string[])[] = [
    ['Connection: Upgrade', 'Upgrade: h2c'],
    ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: x'],
    ['Connection: Upgrade', 'Upgrade: websocket, SPDY/3.1'],
    ['Connection: Upgrade', 'Upgrade: websocket', 'Upgrade: SPDY/3.1'],
    ['Connection: Upgrade', 'Upgrade: websocket', 'Upgrade: websocket'],
    ['Connection: Upgrade', 'Upgrade: '],
    ['Connection: Upgrade', 'Upgrade: SPDY/3'],
    ['Connection: Upgrade'],
    ['Connection: keep-alive, Upgrade'],
    ['Connection: xupgradex'],
    ['Connection: xupgradex', 'Upgrade: websocket'],
    ['Connection: keep-alive', 'Connection: no-UPGRADE'],
    ['Upgrade: websocket'],
    ['Connection: close', 'Upgrade: websocket'],
    ['Connection: Upgrade', 'Upgrade: websocket', 'Content-Length: 5'],
    ['Connection: Upgrade', 'Upgrade: websocket', 'Transfer-Encoding: chunked'],
  ]
  test.each(refused.map((lines) => [lines.join(' | '), lines] as const))(
    'is refused: %s',
    (_, lines) => {
      expect(upgrade(...lines)).toMatchObject({ status: 'refused', code: 'invalid_input' })
    },
  )
})

// CVE-2026-29057, proxy.md section 7 row 14
describe('a body', () => {
  test('has a length, comes in chunks, or is none', () => {
    expect(bodyOf('POST', raw('Content-Length: 12'))).toEqual({ status: 'length', length: 12 })
    expect(bodyOf('DELETE', raw('Transfer-Encoding: chunked'))).toEqual({ status: 'chunked' })
    expect(bodyOf('POST', raw('Content-Length: 0'))).toEqual({ status: 'none' })
    expect(bodyOf('GET', [])).toEqual({ status: 'none' })
  })

  test('is refused on GET and HEAD, and when its length is ambiguous', () => {
    for (const method of ['GET', 'HEAD']) {
      expect(bodyOf(method, raw('Content-Length: 1'))).toMatchObject({ status: 'refused' })
      expect(bodyOf(method, raw('Transfer-Encoding: chunked'))).toMatchObject({ status: 'refused' })
    }
    const ambiguous = [
      raw('Content-Length: 1', 'Content-Length: 1'),
      raw('Content-Length: 1', 'Transfer-Encoding: chunked'),
      raw('Content-Length: 0x1'),
    ]
    for (const head of ambiguous) expect(bodyOf('POST', head)).toMatchObject({ status: 'refused' })
  })
})

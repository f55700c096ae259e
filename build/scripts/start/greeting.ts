import { readFile } from 'node:fs/promises'
import { keyFingerprint } from '../../../server/fingerprint.ts'
import type { Settled } from './clusters.ts'
import type { DesktopApp } from './desktop-app.ts'
import { kubectlCommand, quote, writeCommand, writeKubeconfig } from './command-line.ts'
import { passwordFile, type Account, type Passwords } from './passwords.ts'
import type { Ports } from './ports.ts'
import { recall, remember } from './remembered.ts'

interface Ready {
  readonly folder: string
  readonly address: string
  readonly ports: Ports
  readonly caFile: string
  readonly certificateFile: string
  readonly passwords: Passwords
  readonly settled: Settled
  readonly app: DesktopApp
}

/** Prints where everything is and what to type next. Passwords are shown once. */
export async function greet(ready: Ready): Promise<void> {
  const { folder, address, ports, app } = ready
  const certificate = await readFile(ready.certificateFile, 'utf8')
  const lines = [
    '',
    'Gatehouse is ready.',
    '',
    `  for kubectl and gatehouse      ${address}`,
    `  the web console                http://127.0.0.1:${String(ports.console)}/`,
    `  the desktop app                ${app.status === 'open' ? 'is open' : `not opened: ${app.why}`}`,
    `  its key, to compare (SHA-256)  ${keyFingerprint(certificate)}`,
    `  keys, database and log         ${folder}`,
    '',
    ...people(ready),
    ...(await firstSteps(ready)),
    '',
    ...(await furtherSteps(ready)),
    '',
    'Ctrl-C stops everything; the next npm start finds all of it again.',
    '',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  remember(folder, { passwordsShown: true })
}

const hasSamples = ({ settled }: Ready) => settled.status === 'sandbox'

function people(ready: Ready): string[] {
  const { folder, passwords } = ready
  const rows = [
    {
      ...passwords.administrator,
      may: 'administers the gateway; that alone is no right in a cluster',
    },
    ...(hasSamples(ready) ? passwords.people : []),
  ]
  const isShown = recall(folder).passwordsShown !== true
  const width = Math.max(...rows.map(({ name }) => name.length))
  const file = quote(passwordFile(folder))
  return [
    isShown
      ? `People. The passwords were made for this installation and are shown once; ${file} keeps them.`
      : `People. Their first passwords are in ${file}.`,
    ...rows.map(
      ({ name, password, may }) =>
        `  ${name.padEnd(width)}  ${isShown ? `${password}  ` : ''}${may}`,
    ),
  ]
}

/** Lines that work at once, with a kubeconfig that was just written for one person. */
async function firstSteps(ready: Ready): Promise<string[]> {
  const { settled, passwords } = ready
  switch (settled.status) {
    case 'unknown':
      return []
    case 'own': {
      const kubectl = await kubectlOf(ready, passwords.administrator, undefined)
      return kubectl === undefined
        ? []
        : [
            '',
            `In a second terminal, as ${passwords.administrator.name}:`,
            `  ${kubectl} get namespaces`,
          ]
    }
    case 'sandbox': {
      const operator = passwords.people.find(({ preset }) => preset === 'operator')
      const kubectl = operator && (await kubectlOf(ready, operator, settled.kubectl))
      if (kubectl === undefined)
        return [
          '',
          'operator is gone or has another password by now: sign in before using kubectl.',
        ]
      return [
        '',
        `In a second terminal, as ${operator?.name ?? ''} (namespaces shop and payments):`,
        `  ${kubectl} -n shop get pods`,
        `  ${kubectl} -n shop logs deploy/cart`,
        ...(settled.hasRealNode ? [`  ${kubectl} -n shop exec -it deploy/web -- sh`] : []),
      ]
    }
  }
}

/** Undefined when the person has another password by now, or is gone. */
async function kubectlOf(
  { folder, address, caFile }: Ready,
  account: Account,
  built: string | undefined,
): Promise<string | undefined> {
  const file = await writeKubeconfig({ folder, address, caFile }, account)
  return file === undefined ? undefined : `${kubectlCommand(built)} --kubeconfig ${quote(file)}`
}

async function furtherSteps(ready: Ready): Promise<string[]> {
  const { folder, address, caFile, passwords } = ready
  const root = passwords.administrator.name
  const gatehouse = await writeCommand(folder)
  const isSample = hasSamples(ready)
  return [
    isSample ? 'To sign in as somebody else:' : `To sign in as ${root}, who administers:`,
    `  ${gatehouse} login ${address} --ca ${quote(caFile)} --name ${isSample ? 'viewer' : root}`,
    `  ${gatehouse} kubeconfig --write gatehouse.yaml`,
    ...(isSample ? ['  kubectl --kubeconfig gatehouse.yaml get pods -A'] : []),
    `To give somebody a new password, signed in as ${root}:`,
    `  ${gatehouse} call persons.list`,
    `  ${gatehouse} call persons.update '{"id":"…","password":"…"}'`,
  ]
}

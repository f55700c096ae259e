import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Access } from '../access/index.ts'
import { AppError } from '../contract/errors.ts'
import type { TerminalInput } from '../contract/streams.ts'
import type { Upstreams } from '../proxy/upstream/index.ts'
import { askCluster } from './ask-cluster.ts'
import { podPath, readPod, stateOf, type ContainerState } from './pod.ts'

interface Debugging {
  readonly upstreams: Upstreams
  readonly access: Access
  readonly input: TerminalInput
  readonly auditId: string
  readonly signal: AbortSignal
}

/** Milliseconds an image may take to arrive and start, and between two looks. */
const longestStart = 180_000
const looking = 500

/** Puts a container beside those of a pod and returns its name. It stays until the pod goes; Kubernetes knows no other way. */
export async function addDebugContainer(it: Debugging, image: string): Promise<string> {
  const { upstreams, access, input, auditId } = it
  const name = `debugger-${randomBytes(4).toString('hex')}`
  const { container, command, tty } = input
  const added = {
    name,
    image,
    stdin: true,
    tty,
    ...(command.length > 0 && { command }),
    ...(container !== undefined && { targetContainerName: container }),
  }
  await askCluster(upstreams, access, {
    method: 'PATCH',
    path: `${podPath(input)}/ephemeralcontainers`,
    contentType: 'application/strategic-merge-patch+json',
    body: { spec: { ephemeralContainers: [added] } },
    auditId,
  })
  return name
}

/** Waits until a container runs, and tells what it waits for whenever that changes. @throws AppError */
export async function untilRunning(
  it: Debugging,
  name: string,
  waiting: (reason: string) => void,
): Promise<void> {
  const { upstreams, access, input, auditId, signal } = it
  const until = Date.now() + longestStart
  let said = ''
  while (Date.now() < until) {
    const pod = await readPod(upstreams, access, { ...input, auditId })
    signal.throwIfAborted()
    const state = stateOf(pod, name)
    if (state?.running) return
    const reason = whyNot(state)
    if (reason !== said) waiting(reason)
    said = reason
    await wait(looking, undefined, { signal, ref: false })
  }
  throw new AppError('gateway_timeout', `The debug container did not start: ${said}`)
}

/** @throws AppError for what no waiting will mend */
function whyNot(state: ContainerState | undefined): string {
  if (state?.terminated) {
    const { reason = 'it ended', exitCode } = state.terminated
    const code = exitCode === undefined ? '' : ` with ${exitCode}`
    throw new AppError(
      'conflict',
      `The debug container ended before it was entered: ${reason}${code}`,
    )
  }
  const { reason = 'Pending', message } = state?.waiting ?? {}
  const words = message === undefined ? reason : `${reason}: ${message.slice(0, 300)}`
  if (reason === 'InvalidImageName') throw new AppError('invalid_input', words)
  return words
}

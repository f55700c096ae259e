import { freePort } from '../../../test/support/cluster/ports.ts'
import type { Say } from './say.ts'

export interface Ports {
  /** TLS, for kubectl and the gatehouse command. */
  readonly gateway: number
  /** Without TLS, for a browser on this machine. */
  readonly console: number
}

/** The ports to listen on; GATEHOUSE_PORT and GATEHOUSE_CONSOLE_PORT choose them. */
export async function choosePorts(earlier: Ports | undefined, say: Say): Promise<Ports> {
  const choose = (setting: string, before: number | undefined, usual: number) =>
    choosePort({ setting, chosen: process.env[setting], earlier: before, usual }, say)
  return {
    gateway: await choose('GATEHOUSE_PORT', earlier?.gateway, 8443),
    console: await choose('GATEHOUSE_CONSOLE_PORT', earlier?.console, 8088),
  }
}

interface Wanted {
  /** The setting by which a person may choose. */
  readonly setting: string
  /** What they chose; 0 means any. */
  readonly chosen: string | undefined
  readonly earlier: number | undefined
  readonly usual: number
}

/** A chosen port or an error; else that of the last start, the usual one, or the next that is free. */
async function choosePort(wanted: Wanted, say: Say): Promise<number> {
  const { setting, chosen, earlier, usual } = wanted
  const isAny = chosen === '0'
  if (chosen && !isAny) {
    const port = Number(chosen)
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new Error(`${setting} is not a port: ${chosen}`)
    if (await isFree(port)) return port
    throw new Error(`${setting}: port ${chosen} is taken by another program`)
  }
  if (isAny) return freePort(earlier)
  const first = earlier ?? usual
  if (await isFree(first)) return first
  const next = await nextFree(usual)
  const note = earlier === undefined ? '' : '; kubeconfigs of the last start name the old one'
  say(`port ${String(first)} is taken, using ${String(next)}${note} (${setting} sets it)`)
  return next
}

async function nextFree(usual: number): Promise<number> {
  for (let port = usual; port < usual + 100; port += 1) if (await isFree(port)) return port
  return freePort()
}

const isFree = async (port: number) => (await freePort(port)) === port

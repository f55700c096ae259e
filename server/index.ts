import { ConfigError, readConfig } from './config.ts'
import { keyFingerprint } from './fingerprint.ts'
import { startGateway } from './gateway.ts'
import { createLog } from './log.ts'

/** Starts the gateway from its environment, says where it is, and stops it on a signal. */
async function main(): Promise<number> {
  const config = readConfig(process.env)
  const log = createLog(config.logLevel)
  const gateway = await startGateway(config, log)
  log.info(
    {
      port: gateway.port,
      url: config.publicUrl,
      consolePort: gateway.consolePort,
      // To be compared with what the desktop app shows at first sight.
      keySha256: keyFingerprint(config.listen.certificatePem),
    },
    'listening',
  )
  gateway.prepare()
  if (gateway.setUpCode !== undefined)
    process.stderr.write(
      `\nNo administrator yet. Set-up code, shown once: ${gateway.setUpCode}\n\n`,
    )
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  log.info('draining')
  await gateway.stop()
  return 0
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    // Refusals to start are for people: their words alone, whole.
    const words =
      error instanceof ConfigError || !(error instanceof Error)
        ? String(error)
        : `${error.name}: ${error.message}`
    process.stderr.write(`gatehouse cannot start. ${words}\n`)
    process.exit(1)
  },
)

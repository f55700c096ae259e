/** How each command is written. */
export const usage = {
  login: 'login <address> [--name NAME] [--device NAME] [--ca FILE] [--password-stdin]',
  logout: 'logout [--gateway ADDRESS]',
  whoami: 'whoami [--gateway ADDRESS]',
  clusters: 'clusters [--gateway ADDRESS]',
  sessions: 'sessions [--everyone] [--gateway ADDRESS] | sessions revoke ID [--gateway ADDRESS]',
  kubeconfig: 'kubeconfig [--write FILE] [--cluster ID] [--gateway ADDRESS]',
  token: 'token [--gateway ADDRESS]',
  call: 'call <group.operation> [JSON | -] [--gateway ADDRESS] [--ca FILE] | call --list',
  audit:
    'audit verify FILE --key PUBLIC_PEM [--partial] | audit export [--since TIME] [--until TIME] [--person NAME] [--session ID] [--cluster ID] [--namespace NAME] [--resource NAME] [--verb VERB] [--action NAME] [--result RESULT] [--id ID] [--gateway ADDRESS]',
} as const

export type CommandName = keyof typeof usage

const about: Readonly<Record<CommandName, string>> = {
  login: 'Opens a session on this device. An unknown authority needs a typed yes, or --ca.',
  logout: 'Ends this device’s session.',
  whoami: 'Says who is signed in, and where.',
  clusters: 'Lists the clusters you may use.',
  sessions: 'Lists your open sessions, or ends one.',
  kubeconfig: 'Prints a kubeconfig, or merges it into a file. It holds no secret.',
  token: 'What kubectl runs to sign in: prints a short-lived token.',
  call: 'Calls any operation of the gateway; - reads its input from stdin. Its page /api/ names the fields.',
  audit: 'Checks an exported audit chain, or exports one. TIME is written as 2026-11-22T08:00:00Z.',
}

export const help = `Gatehouse: team access to Kubernetes without handing out keys.

${Object.entries(usage)
  .map(([name, text]) => `  gatehouse ${text}\n      ${about[name as CommandName]}`)
  .join('\n')}

State is kept in GATEHOUSE_HOME, else in ~/.config/gatehouse. Without --gateway, the one you are signed in to is meant.
`

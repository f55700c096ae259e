import { queryOptions } from '@tanstack/react-query'
import { desktop, gateway } from './bridge.ts'

/** Versions of what runs here and there. */
export const aboutApp = queryOptions({
  queryKey: ['about'],
  queryFn: async () => {
    const { version } = await gateway.entry.status({})
    const app = await desktop?.shell.about({})
    return [
      ['gatewayVersion', version] as const,
      ...(app
        ? ([
            ['appVersion', app.version],
            ['electron', app.electron],
            ['platform', app.platform],
          ] as const)
        : []),
    ]
  },
  staleTime: Infinity,
})

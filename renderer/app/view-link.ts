import { hashOf, type Route } from './route-text.ts'

/**
 * An address of a view that a colleague can open: of the web console, which every gateway serves at its root.
 * The app's own pages have addresses that mean nothing elsewhere.
 */
export const viewLink = (gateway: string, route: Route): string =>
  `${gateway.replace(/\/+$/, '')}/#${hashOf(route)}`

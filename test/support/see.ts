import { expect } from '@playwright/test'

/** What a person comes to see on a page, also on a machine with much else to do. */
export const see = expect.configure({ timeout: 20_000 })

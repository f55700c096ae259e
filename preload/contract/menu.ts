import { z } from 'zod'

/** What the app's own menu asks the window to do, by the names of the renderer's commands. */
export const MenuCommand = z.enum(['local-terminal', 'copy-link'])
export type MenuCommand = z.infer<typeof MenuCommand>

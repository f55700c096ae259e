import { actions } from './actions.ts'
import { admin } from './admin.ts'
import { drawer } from './drawer.ts'
import { editor } from './editor.ts'
import { errors } from './errors.ts'
import { frame } from './frame.ts'
import { list } from './list.ts'
import { logs } from './logs.ts'
import { overview } from './overview.ts'
import { settings } from './settings.ts'
import { signIn } from './sign-in.ts'
import { terminal } from './terminal.ts'

/** Every word that a person can read, by area. */
export const english = {
  actions,
  admin,
  drawer,
  editor,
  errors,
  frame,
  list,
  logs,
  overview,
  settings,
  signIn,
  terminal,
} as const

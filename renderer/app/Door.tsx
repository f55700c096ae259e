import { Suspense } from 'react'
import { ErrorPanel } from '../components/ErrorPanel.tsx'
import { Loading } from '../components/Loading.tsx'
import { askSession, useSession } from '../data/session.ts'
import { useTexts } from '../texts/texts.ts'
import { named } from './lazy.ts'
import { Shell } from './Shell.tsx'

const SignInScreen = named(() => import('../screens/sign-in/SignInScreen.tsx'), 'SignInScreen')

/** Lets in who is signed in, and shows everyone else the way. */
export function Door() {
  const session = useSession()
  const t = useTexts('errors')
  switch (session.status) {
    case 'asking':
      return <Loading />
    case 'unreachable':
      return (
        <ErrorPanel
          title={t('unreachableTitle', { address: session.address })}
          detail={session.error.message}
          action={{ label: t('retry'), run: () => void askSession() }}
        />
      )
    case 'no gateway':
    case 'signed out':
      return (
        <Suspense fallback={<Loading />}>
          <SignInScreen session={session} />
        </Suspense>
      )
    case 'signed in':
      return <Shell session={session} />
  }
}

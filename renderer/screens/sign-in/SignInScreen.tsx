import { useState } from 'react'
import { home } from '../../data/bridge.ts'
import type { Session } from '../../data/session.ts'
import { useTexts } from '../../texts/texts.ts'
import { GatewayChoice } from './GatewayChoice.tsx'
import { PasswordForm } from './PasswordForm.tsx'
import styles from './sign-in.module.css'

interface SignInProps {
  readonly session: Extract<Session, { status: 'no gateway' | 'signed out' }>
}

/** The door: in a browser a name and a password; in the app first a gateway and its key. */
export function SignInScreen({ session }: SignInProps) {
  const t = useTexts('signIn')
  const [choosing, setChoosing] = useState(false)
  const choose = session.status === 'no gateway' || choosing
  return (
    <main className={styles['page']}>
      <div className={styles['card']}>
        <p className={styles['product']}>
          <Mark />
          {t('product')}
        </p>
        {choose ? (
          <GatewayChoice
            onDone={() => {
              setChoosing(false)
            }}
          />
        ) : (
          session.status === 'signed out' && (
            <>
              <PasswordForm address={session.address} reason={session.reason} />
              {home === 'desktop' && (
                <button
                  type="button"
                  className={styles['link']}
                  onClick={() => {
                    setChoosing(true)
                  }}
                >
                  {t('otherGateway')}
                </button>
              )}
            </>
          )
        )}
      </div>
    </main>
  )
}

/** A gate between two posts. */
function Mark() {
  return (
    <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden>
      <path
        d="M3 17V6l7-3 7 3v11M3 9h14M7 17v-5h6v5"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinejoin="round"
      />
    </svg>
  )
}

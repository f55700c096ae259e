import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ObjectRef } from '#gateway/place.ts'
import { useRefusal } from '../../app/actions/refusal.ts'
import { bytesText } from '../../components/amounts.ts'
import { useMay } from '../../data/rights.ts'
import { revealSecret } from '../../data/secrets.ts'
import { useTexts } from '../../texts/texts.ts'
import { Section } from './Section.tsx'
import type { Shape } from './shape.ts'
import { SmallButton } from './SmallButton.tsx'
import styles from './drawer.module.css'

const shownFor = 30_000

/** Keys of a Secret. One value at a time is shown, for half a minute; the gateway writes down who looked. */
export function SecretData({ target, object }: { target: ObjectRef; object: Shape }) {
  const t = useTexts('drawer')
  const keys = Object.keys(object.data ?? {})
  const reveal = useMutation({
    mutationFn: async (key: string) => ({ key, ...(await revealSecret(target, key)) }),
    gcTime: 0,
  })
  const { namespace = '', name } = target
  // Values are for whoever may read the Secret itself, not only which keys it has.
  const [may] = useMay(target, [{ verb: 'get', group: '', resource: 'secrets', namespace, name }])
  const refusal = useRefusal()(may)
  const { data, reset } = reveal
  useEffect(() => {
    if (!data) return
    const timer = setTimeout(reset, shownFor)
    return () => {
      clearTimeout(timer)
    }
  }, [data, reset])
  return (
    <Section title={t('secretKeys')} count={keys.length}>
      {object.type && <p className={styles['note']}>{object.type}</p>}
      <dl className={styles['values']}>
        {keys.map((key) => {
          const shown = data?.key === key ? data : undefined
          const failed = reveal.error && reveal.variables === key ? reveal.error.message : undefined
          return (
            <div key={key}>
              <dt>
                {key}
                <span className={styles['space']} />
                {shown && <Copy text={shown.value} />}
                <SmallButton
                  label={shown ? t('hide') : t('reveal')}
                  refusal={shown ? undefined : refusal}
                  busy={reveal.isPending}
                  onClick={() => {
                    if (shown) reset()
                    else reveal.mutate(key)
                  }}
                />
              </dt>
              <dd>
                {shown ? (
                  <>
                    <pre>{shown.value}</pre>
                    <span className={styles['quiet']}>
                      {bytesText(shown.bytes)}
                      {shown.encoding === 'base64' && ` · ${t('base64')}`} · {t('hiddenSoon')}
                    </span>
                  </>
                ) : (
                  <span className={styles['quiet']}>{failed ?? '••••••••'}</span>
                )}
              </dd>
            </div>
          )
        })}
      </dl>
    </Section>
  )
}

function Copy({ text }: { text: string }) {
  const t = useTexts('drawer')
  const [done, setDone] = useState(false)
  return (
    <button
      type="button"
      className={styles['small']}
      onClick={() => {
        navigator.clipboard.writeText(text).then(
          () => {
            setDone(true)
          },
          () => {
            setDone(false)
          },
        )
      }}
    >
      {done ? t('copied') : t('copy')}
    </button>
  )
}

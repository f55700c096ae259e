import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { KnownGateway } from '#bridge/gateways.ts'
import { forgetGateway, knownGateways, probeGateway, selectGateway } from '../../data/gateways.ts'
import { useTexts } from '../../texts/texts.ts'
import { KeyChanged } from './KeyChanged.tsx'
import { NewKey } from './NewKey.tsx'
import styles from './sign-in.module.css'

/** Which gateway, and whether its key is the one that is expected. */
export function GatewayChoice({ onDone }: { onDone: () => void }) {
  const t = useTexts('signIn')
  const { data: known = [] } = useQuery(knownGateways)
  const [address, setAddress] = useState('')
  const probe = useMutation({
    mutationFn: async (typed: string) => {
      const found = await probeGateway(typed)
      if (found.status === 'known') await selectGateway(found.id)
      return found
    },
    onSuccess: (found) => {
      if (found.status === 'known') onDone()
    },
  })
  const select = useMutation({
    mutationFn: async ({ id, address: at }: KnownGateway) => {
      // One that does not answer can be chosen too; one that shows another key is a stop.
      const found = await probeGateway(at).catch(() => undefined)
      if (found?.status === 'changed') return found
      await selectGateway(id)
      return undefined
    },
    onSuccess: (found) => {
      if (!found) onDone()
    },
  })
  const forget = useMutation({ mutationFn: forgetGateway })
  const error = probe.error ?? select.error ?? forget.error

  if (probe.data?.status === 'new')
    return <NewKey address={address} probe={probe.data} onDone={onDone} onBack={probe.reset} />
  const changed = probe.data?.status === 'changed' ? probe.data : select.data
  if (changed) {
    const back = () => {
      probe.reset()
      select.reset()
    }
    return <KeyChanged probe={changed} onDone={onDone} onBack={back} />
  }
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault()
        if (address.trim() !== '') probe.mutate(address.trim())
      }}
    >
      <h1>{t('chooseTitle')}</h1>
      <KnownGateways known={known} onSelect={select.mutate} onForget={forget.mutate} />
      <TextInput
        label={t('address')}
        description={t('addressHint')}
        placeholder="https://gatehouse.example.com"
        spellCheck={false}
        autoFocus
        value={address}
        onChange={({ currentTarget }) => {
          setAddress(currentTarget.value)
        }}
      />
      {error && (
        <p className={styles['error']} role="alert">
          {error.message}
        </p>
      )}
      <Button type="submit" fullWidth loading={probe.isPending || select.isPending}>
        {t('connect')}
      </Button>
    </form>
  )
}

interface KnownProps {
  readonly known: readonly KnownGateway[]
  readonly onSelect: (gateway: KnownGateway) => void
  readonly onForget: (id: string) => void
}

function KnownGateways({ known, onSelect, onForget }: KnownProps) {
  const t = useTexts('signIn')
  return (
    <ul className={styles['known']}>
      {known.map((it) => (
        <li key={it.id}>
          <button
            type="button"
            onClick={() => {
              onSelect(it)
            }}
          >
            {it.address}
          </button>
          <button
            type="button"
            className={styles['link']}
            aria-label={t('forgetOne', { address: it.address })}
            onClick={() => {
              onForget(it.id)
            }}
          >
            {t('forget')}
          </button>
        </li>
      ))}
    </ul>
  )
}

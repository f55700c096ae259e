import { useMemo, useState } from 'react'
import { stringify } from 'yaml'
import { Checkbox } from '@mantine/core'
import { useTexts } from '../../texts/texts.ts'
import styles from './drawer.module.css'

/** The object as it is, to be read. What nobody writes by hand is left out unless asked for. */
export function Yaml({ object }: { object: Record<string, unknown> }) {
  const t = useTexts('drawer')
  const [managed, setManaged] = useState(false)
  const text = useMemo(
    () => stringify(managed ? object : withoutManaged(object)),
    [object, managed],
  )
  return (
    <>
      <div className={styles['yamlBar']}>
        <Checkbox
          size="xs"
          label={t('managedFields')}
          checked={managed}
          onChange={({ currentTarget }) => {
            setManaged(currentTarget.checked)
          }}
        />
      </div>
      <pre className={styles['yaml']} aria-label={t('tabs.yaml')}>
        {text.split('\n').map((line, index) => (
          // Lines have no other identity than their place.
          <YamlLine key={index} line={line} />
        ))}
      </pre>
    </>
  )
}

/** Keys are told from values; nothing more is needed to read it. */
function YamlLine({ line }: { line: string }) {
  const [, lead = '', key, rest = ''] =
    /^(\s*(?:- )?)([^\s:#'"][^:]*:)(?=\s|$)(.*)$/.exec(line) ?? []
  if (key === undefined) return <>{line + '\n'}</>
  return (
    <>
      {lead}
      <span className={styles['yamlKey']}>{key}</span>
      {rest + '\n'}
    </>
  )
}

function withoutManaged(object: Record<string, unknown>): Record<string, unknown> {
  const { managedFields: _, ...metadata } = Object(object['metadata']) as Record<string, unknown>
  return { ...object, metadata }
}

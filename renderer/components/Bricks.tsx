import styles from './Bricks.module.css'

const kinds: Readonly<Record<string, string>> = {
  r: 'ready',
  w: 'waiting',
  f: 'failed',
  d: 'done',
}

/** Containers as small squares; each letter is one, upper case where it was restarted. */
export function Bricks({ letters, label }: { letters: string; label: string }) {
  return (
    <span className={styles['bricks']} role="img" aria-label={label} title={label}>
      {Array.from(letters, (letter) => letter).map((letter, index) => (
        <i
          // Containers have no other identity here than their place.
          key={index}
          data-kind={kinds[letter.toLowerCase()]}
          data-restarted={letter !== letter.toLowerCase()}
        />
      ))}
    </span>
  )
}

import { IconAccessible, IconBolt, IconClearAll, IconCopy, IconSearch } from '@tabler/icons-react'
import { Tool } from '../../components/PaneBar.tsx'
import { useTexts } from '../../texts/texts.ts'

interface TerminalToolsProps {
  readonly quick: boolean
  readonly searching: boolean
  readonly reader: boolean
  readonly onQuick: (on: boolean) => void
  readonly onSearch: (on: boolean) => void
  readonly onReader: (on: boolean) => void
  readonly onCopy: () => void
  readonly onClear: () => void
}

export function TerminalTools(props: TerminalToolsProps) {
  const t = useTexts('terminal')
  const { quick, searching, reader, onQuick, onSearch, onReader, onCopy, onClear } = props
  return (
    <>
      <Tool
        label={t('quick')}
        icon={<IconBolt size={15} />}
        pressed={quick}
        onClick={() => {
          onQuick(!quick)
        }}
      />
      <Tool
        label={t('search')}
        icon={<IconSearch size={15} />}
        pressed={searching}
        onClick={() => {
          onSearch(!searching)
        }}
      />
      <Tool label={t('copy')} icon={<IconCopy size={15} />} onClick={onCopy} />
      <Tool label={t('clear')} icon={<IconClearAll size={15} />} onClick={onClear} />
      <Tool
        label={t('reader')}
        icon={<IconAccessible size={15} />}
        pressed={reader}
        onClick={() => {
          onReader(!reader)
        }}
      />
    </>
  )
}

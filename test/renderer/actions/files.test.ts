import { afterAll, beforeAll, expect, test } from 'vitest'
import { withDocuments } from '../../../renderer/data/editor/manifest-files.ts'
import { see } from '../../support/see.ts'
import { openStage, type Stage } from './stage.ts'

test('documents of a file stand behind what is there, parted once', () => {
  expect(withDocuments('', ['a: 1\n'])).toBe('a: 1\n')
  expect(withDocuments('a: 1', ['b: 2\n', '{"c": 3}'])).toBe('a: 1\n---\nb: 2\n---\n{"c": 3}')
  expect(withDocuments('a: 1\n', ['# second\n---\nb: 2\n'])).toBe('a: 1\n# second\n---\nb: 2\n')
})

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage?.close())

const place = { cluster: 'prod', profile: 'operator' }
const file = (name: string, text: string | Buffer) => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.from(text),
})
const input = () => stage.page.locator('input[type=file]')
const told = (text: string) => see(stage.page.getByText(text)).toBeVisible()

/** As a hand does that carries files over the window. */
async function drop(onto: string, files: readonly { name: string; text: string }[]) {
  const dataTransfer = await stage.page.evaluateHandle((them) => {
    const carried = new DataTransfer()
    for (const { name, text } of them) carried.items.add(new File([text], name))
    return carried
  }, files)
  await stage.page.locator(onto).dispatchEvent('drop', { dataTransfer })
}

const editor = () => stage.page.getByRole('textbox', { name: 'Manifests, parted by ---' })

test('manifests come from files that are opened or dropped, behind what was written', async () => {
  await stage.show({ show: 'apply', place })
  await see(stage.page.getByText('prod@operator')).toHaveAttribute(
    'title',
    'Applied to cluster prod as profile operator',
  )
  const chooser = stage.page.waitForEvent('filechooser')
  await stage.page.getByRole('button', { name: 'Open a file' }).click()
  await (await chooser).setFiles(file('one.yaml', 'kind: One'))
  await told('one.yaml was opened. Nothing was written yet.')
  await drop('.cm-content', [
    { name: 'two.YML', text: 'kind: Two' },
    { name: 'three.json', text: '{"kind": "Three"}' },
  ])
  await told('two.YML, three.json was added behind what was there.')
  await see(editor()).toHaveText('kind: One---kind: Two---{"kind": "Three"}')
})

test('what is no manifest, no text or too much is refused in words, and leaves the text alone', async () => {
  await stage.show({ show: 'apply', place, text: 'kind: Kept' })
  await input().setInputFiles(file('photo.png', 'x'))
  await told('photo.png was not opened: only files that end in .yaml, .yml, .json are.')
  await input().setInputFiles(file('bytes.yaml', Buffer.from([0xff, 0xfe, 0x00])))
  await told('bytes.yaml was not opened: it is no text in UTF-8.')
  await input().setInputFiles(file('huge.yaml', '#'.repeat(1_500_001)))
  await see(stage.page.getByText(/^huge.yaml was not opened: it is larger than 1.4/)).toBeVisible()
  await input().setInputFiles(file('much.yaml', '#'.repeat(1_499_999)))
  await see(stage.page.getByText(/^much.yaml was not added: together/)).toBeVisible()
  await drop('.cm-content', [{ name: 'run.sh', text: 'echo run' }])
  await told('run.sh was not opened: only files that end in .yaml, .yml, .json are.')
  await see(editor()).toHaveText('kind: Kept')
})

test('a kubeconfig is opened or dropped, also one without an ending; two are one too many', async () => {
  await stage.show({ show: 'import' })
  const text = stage.page.getByLabel('Kubeconfig')
  await input().setInputFiles(file('config', 'kind: Config'))
  await see(text).toHaveValue('kind: Config')
  const one = { name: 'a.yaml', text: 'kind: Other' }
  await drop('textarea', [one, { ...one, name: 'b.yaml' }])
  await told('Nothing was opened: choose one file.')
  await see(text).toHaveValue('kind: Config')
  await drop('textarea', [one])
  await see(text).toHaveValue('kind: Other')
  await input().setInputFiles(file('disk.iso', 'x'))
  await see(stage.page.getByRole('alert')).toHaveText(/^disk.iso was not opened: only files/)
  expect(await stage.asked('clusters.inspectKubeconfig')).toEqual([])
})

import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'

export interface ImageFile {
  readonly path: string
  readonly content?: Buffer
  /** A link to this path instead of content. */
  readonly link?: string
}

export interface Image {
  readonly tag: string
  readonly files: readonly ImageFile[]
  readonly entrypoint?: readonly string[]
  readonly command?: readonly string[]
}

/** An archive as `docker save` makes it, with one layer: the way to bring an image in without a registry. */
export function imageArchive({ tag, files, entrypoint, command }: Image): Buffer {
  const layer = tar(files)
  const config = Buffer.from(
    JSON.stringify({
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      config: {
        Env: ['PATH=/bin:/usr/bin:/sbin:/usr/sbin'],
        WorkingDir: '/',
        ...(entrypoint && { Entrypoint: entrypoint }),
        ...(command && { Cmd: command }),
      },
      rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] },
      history: [{ created_by: 'gatehouse test cluster' }],
    }),
  )
  const configName = `${sha256(config)}.json`
  const manifest = [{ Config: configName, RepoTags: [tag], Layers: ['layer.tar'] }]
  return tar([
    { path: 'manifest.json', content: Buffer.from(JSON.stringify(manifest)) },
    { path: configName, content: config },
    { path: 'layer.tar', content: layer },
  ])
}

/** A small userland from the machine's static busybox, with its commands as links. */
export async function busyboxFiles(busybox: string): Promise<ImageFile[]> {
  const commands = execFileSync(busybox, ['--list'], { encoding: 'utf8' }).split('\n')
  const links = commands.filter((it) => it !== '' && it !== 'busybox')
  return [
    { path: 'tmp/' },
    {
      path: 'etc/passwd',
      content: Buffer.from('root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n'),
    },
    { path: 'etc/group', content: Buffer.from('root:x:0:\nnobody:x:65534:\n') },
    { path: 'bin/busybox', content: await readFile(busybox) },
    ...links.map((it) => ({ path: `bin/${it}`, link: 'busybox' })),
  ]
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

function tar(files: readonly ImageFile[]): Buffer {
  const blocks: Buffer[] = []
  for (const file of files) {
    const content = file.content ?? Buffer.alloc(0)
    blocks.push(tarHeader(file, content.length), content)
    blocks.push(Buffer.alloc((512 - (content.length % 512)) % 512))
  }
  blocks.push(Buffer.alloc(1024))
  return Buffer.concat(blocks)
}

function tarHeader({ path, link }: ImageFile, size: number): Buffer {
  const isFolder = path.endsWith('/')
  const header = Buffer.alloc(512)
  header.write(path, 0)
  header.write(isFolder ? '0001777\0' : '0000755\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0', 136)
  header.write(' '.repeat(8), 148)
  header.write(isFolder ? '5' : link === undefined ? '0' : '2', 156)
  header.write(link ?? '', 157)
  header.write('ustar\x0000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

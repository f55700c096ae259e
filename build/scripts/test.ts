// `npm test`: runs vitest with every argument passed on, and ends with one line that a person and a
// machine can read: `N passed, N failed`.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commandOf, runNode } from './tools.ts'

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

/** A file that could not be loaded has no failed test of its own, yet it is one failure. */
const brokenFiles = (report: Report) =>
  report.testResults.filter(
    (file) =>
      file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )

async function readReport(file: string): Promise<Report | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Report
  } catch {
    return undefined
  }
}

function count(report: Report, whole: boolean): { passed: number; failed: number } {
  let failed = report.numFailedTests
  for (const file of brokenFiles(report)) {
    console.error(`could not be run: ${file.name}`)
    failed += 1
  }
  // On a person's machine a missing part may skip tests; in CI it would prove nothing in silence.
  if (whole && process.env['CI'] && report.numPendingTests > 0) {
    console.error(`${report.numPendingTests} skipped, which counts as failed under CI`)
    failed += report.numPendingTests
  }
  return { passed: report.numPassedTests, failed }
}

async function run(args: readonly string[]): Promise<{ code: number; report: Report | undefined }> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-test-'))
  const reportFile = join(folder, 'report.json')
  const code = await runNode([
    commandOf('vitest'),
    'run',
    '--config=build/vitest.config.ts',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    ...args,
  ])
  const report = await readReport(reportFile)
  await rm(folder, { recursive: true, force: true })
  return { code, report }
}

/** More than these are no accident of the machine. */
const mostAgain = 4

const failedFiles = (report: Report) => report.testResults.filter((it) => it.status === 'failed')

/**
 * Under CI, whose machine may be short of time for a moment: files that failed run once more, by themselves. What passes
 * then is named and counts as passed; what is broken fails twice.
 */
async function runAgain(report: Report): Promise<Report> {
  const failed = failedFiles(report)
  const passed = report.testResults.filter((it) => !failed.includes(it))
  console.error(`\nonce more, by themselves:\n${failed.map(tellFailed).join('\n')}`)
  const again = (await run(failed.map((it) => it.name))).report
  if (!again) return report
  const still = new Set(failedFiles(again).map((it) => it.name))
  for (const it of failed)
    if (!still.has(it.name)) console.error(`passed at the second attempt only: ${tellFailed(it)}`)
  const testResults = [...passed, ...again.testResults]
  const countOf = (...wanted: readonly string[]) =>
    testResults.flatMap((it) => it.assertionResults).filter(({ status }) => wanted.includes(status))
      .length
  return {
    testResults,
    numPassedTests: countOf('passed'),
    numFailedTests: countOf('failed'),
    numPendingTests: countOf('pending', 'skipped', 'todo', 'disabled'),
  }
}

const tellFailed = ({ name, assertionResults }: Report['testResults'][number]) =>
  [name, ...assertionResults.filter((it) => it.status === 'failed').map((it) => it.fullName)].join(
    '\n  ',
  )

const args = process.argv.slice(2)
let { code, report } = await run(args)
const failures = report ? failedFiles(report).length : 0
if (report && process.env['CI'] && failures > 0 && failures <= mostAgain) {
  report = await runAgain(report)
  code = failedFiles(report).length > 0 ? code : 0
}

let { passed, failed } = report ? count(report, args.length === 0) : { passed: 0, failed: 0 }
if (code !== 0 && failed === 0) {
  // Something outside of any test went wrong: the set-up, an unhandled rejection, no test found.
  console.error(`vitest ended with exit code ${code}`)
  failed = 1
}
if (passed + failed === 0) console.error('no test ran')
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0

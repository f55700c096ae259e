import { invalidField } from '../../contract/errors.ts'

type Labels = Readonly<Record<string, string>>
export type LabelTest = (labels: Labels | undefined) => boolean

const name = '[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?'
const key = new RegExp(`^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?/)?${name}$`)
const value = new RegExp(`^(?:${name})?$`)

/**
 * Reads a Kubernetes label selector: `app=web,tier in (a,b),!old`.
 * @throws AppError invalid_input
 */
export function readLabels(text: string): LabelTest {
  const tests = requirementsOf(text).map(readRequirement)
  return (labels) => tests.every((it) => it(labels))
}

/** Split at the commas that are in no parentheses. */
function requirementsOf(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < text.length; at += 1) {
    const c = text[at]
    if (c === '(') depth += 1
    else if (c === ')') depth -= 1
    else if (c === ',' && depth === 0) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  parts.push(text.slice(from))
  return parts.map((it) => it.trim()).filter((it, _index, all) => it !== '' || all.length > 1)
}

const operators: readonly (readonly [RegExp, (key: string, rest: string) => LabelTest])[] = [
  [/^!\s*([^\s=!<>()]+)$/, (it) => (labels) => !has(labels, checkedKey(it))],
  [/^([^\s=!<>()]+)$/, (it) => (labels) => has(labels, checkedKey(it))],
  [/^([^\s=!<>()]+)\s*!=\s*(\S*)$/, (it, rest) => differs(it, [checkedValue(rest)])],
  [/^([^\s=!<>()]+)\s*={1,2}\s*([^\s=]*)$/, (it, rest) => equals(it, [checkedValue(rest)])],
  [/^([^\s=!<>()]+)\s+in\s*\(([^()]*)\)$/, (it, rest) => equals(it, valuesOf(rest))],
  [/^([^\s=!<>()]+)\s+notin\s*\(([^()]*)\)$/, (it, rest) => differs(it, valuesOf(rest))],
  [/^([^\s=!<>()]+)\s*>\s*(\S+)$/, (it, rest) => compares(it, rest, (a, b) => a > b)],
  [/^([^\s=!<>()]+)\s*<\s*(\S+)$/, (it, rest) => compares(it, rest, (a, b) => a < b)],
]

function readRequirement(text: string): LabelTest {
  for (const [shape, make] of operators) {
    const found = shape.exec(text)
    if (!found) continue
    const [, its = '', rest = ''] = found
    checkedKey(its)
    return make(its, rest)
  }
  throw invalidField('labels', `"${text}" is not a requirement of a label selector`)
}

const has = (labels: Labels | undefined, its: string) =>
  labels !== undefined && Object.hasOwn(labels, its)

function equals(its: string, values: readonly string[]): LabelTest {
  return (labels) => has(labels, its) && values.includes(labels?.[its] ?? '')
}

/** As Kubernetes has it, what lacks the label differs too. */
function differs(its: string, values: readonly string[]): LabelTest {
  return (labels) => !has(labels, its) || !values.includes(labels?.[its] ?? '')
}

function compares(its: string, rest: string, test: (a: bigint, b: bigint) => boolean): LabelTest {
  const whole = /^-?\d{1,19}$/
  if (!whole.test(rest)) throw invalidField('labels', `"${rest}" is not a whole number`)
  const limit = BigInt(rest)
  return (labels) => {
    const own = has(labels, its) ? (labels?.[its] ?? '') : ''
    return whole.test(own) && test(BigInt(own), limit)
  }
}

function checkedKey(text: string): string {
  if (!key.test(text)) throw invalidField('labels', `"${text}" is not the key of a label`)
  return text
}

function checkedValue(text: string): string {
  if (!value.test(text)) throw invalidField('labels', `"${text}" is not the value of a label`)
  return text
}

const valuesOf = (text: string) => text.split(',').map((it) => checkedValue(it.trim()))

import { expect, test } from 'vitest'
import { parseQuery } from '../../../server/proxy/query.ts'

const read = (raw: string) => [...parseQuery(raw)]

// proxy.md section 7 row 6: Node's own parser keeps what Go drops.
test('a pair with a semicolon or a malformed escape does not exist', () => {
  expect(read('watch=1;x')).toEqual([])
  expect(read('watch=%zz&limit=5')).toEqual([['limit', ['5']]])
  expect(read('w%zz=1&a;b&c%')).toEqual([])
})

test('keys and values are decoded, plus is a space, order is kept', () => {
  expect(read('%77atch=a+b&watch=%2B&watch')).toEqual([['watch', ['a b', '+', '']]])
  expect(read('a=b=c&=x&&__proto__=1')).toEqual([
    ['a', ['b=c']],
    ['', ['x']],
    ['__proto__', ['1']],
  ])
})

test('bytes that are not UTF-8 never make a known key', () => {
  expect(read('watch%ff=1&x=%c3%a4%ff%2e')).toEqual([
    ['watch\ufffd', ['1']],
    ['x', ['ä\ufffd.']],
  ])
})

// The few Fetch classes that `protocol.handle` speaks, for a Node that has none. No network in them.
'use strict'

class Headers {
  #values = new Map()

  constructor(init = []) {
    const pairs = typeof init[Symbol.iterator] === 'function' ? init : Object.entries(init)
    for (const [name, value] of pairs) this.append(name, value)
  }

  append(name, value) {
    const before = this.get(name)
    this.set(name, before === null ? value : `${before}, ${value}`)
  }

  set(name, value) {
    this.#values.set(String(name).toLowerCase(), String(value))
  }

  get(name) {
    return this.#values.get(String(name).toLowerCase()) ?? null
  }

  has(name) {
    return this.#values.has(String(name).toLowerCase())
  }

  delete(name) {
    this.#values.delete(String(name).toLowerCase())
  }

  forEach(visit) {
    for (const [name, value] of this) visit(value, name, this)
  }

  entries() {
    return this.#values.entries()
  }

  [Symbol.iterator]() {
    return this.#values.entries()
  }
}

class Request {
  constructor(url, { method = 'GET', headers = [] } = {}) {
    Object.assign(this, { url, method, headers: new Headers(headers) })
  }
}

class Response {
  #body

  constructor(body = null, { status = 200, statusText = '', headers = [] } = {}) {
    this.#body = body
    Object.assign(this, { status, statusText, headers: new Headers(headers) })
    this.ok = status >= 200 && status <= 299
  }

  /** Chunks of it: an iterable, or nothing at all. */
  get body() {
    const body = this.#body
    if (body === null || body === undefined) return null
    if (typeof body === 'string') return [Buffer.from(body)]
    if (body instanceof ArrayBuffer) return [Buffer.from(body)]
    if (ArrayBuffer.isView(body))
      return [Buffer.from(body.buffer, body.byteOffset, body.byteLength)]
    return body
  }

  async arrayBuffer() {
    const chunks = []
    for await (const chunk of this.body ?? []) chunks.push(Buffer.from(chunk))
    const whole = Buffer.concat(chunks)
    return whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.byteLength)
  }

  async text() {
    return Buffer.from(await this.arrayBuffer()).toString()
  }

  async json() {
    return JSON.parse(await this.text())
  }
}

module.exports = { Headers, Request, Response }

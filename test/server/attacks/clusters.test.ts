import { afterAll, beforeAll, expect, test } from 'vitest'
import { respondWith } from '../../support/recorder.ts'
import {
  expectServing,
  openHostileWorld,
  type HostileWorld,
  type Person,
} from '../hostile/world.ts'

let world: HostileWorld
let person: Person

beforeAll(async () => {
  world = await openHostileWorld()
  person = await world.person()
})
afterAll(() => world.stop())

// design.md 1: one cluster never costs the others their gateway
test('a cluster that answers a rules review with millions of rules does not occupy the gateway', async () => {
  const many = (letter: string) => Array.from({ length: 1000 }, (_, at) => `${letter}${at}`)
  const rule = { verbs: ['get'], apiGroups: many('g'), resources: many('r') }
  const type = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview' }
  const status = { resourceRules: [rule], nonResourceRules: [], incomplete: false }
  world.respond(respondWith(201, JSON.stringify({ ...type, status })))
  const body = JSON.stringify({ ...type, spec: { namespace: 'a' } })
  const lines = ['Content-Type: application/json', `Content-Length: ${body.length}`]
  const path = '/k8s/c1/apis/authorization.k8s.io/v1/selfsubjectrulesreviews'
  const answer = await world.ask(person.head(`POST ${path}`, ...lines) + body)
  expect(answer.status).toBe(502)
  expect(answer.json()).toMatchObject({ message: expect.stringContaining('too many rules') })
  await expectServing(world, person)
})

export { createLive, type Live } from './create-live.ts'
export { describeObject, ReadFailure, statusOf, type Related } from './describe/index.ts'

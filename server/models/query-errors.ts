import { BaseError, ValidationError } from 'sequelize'

/** The parts of a driver's or Sequelize's error that repeat what was to be written. */
const REPEATS = ['sql', 'parameters', 'detail', 'fields', 'where']

/** Fails as the query fails, but with an error that can be logged whole: it holds no values. */
export async function withoutValues<T>(query: Promise<T>): Promise<T> {
  try {
    return await query
  } catch (error) {
    if (error instanceof ValidationError) {
      for (const item of error.errors) Object.assign(item, { value: null, instance: null })
    }
    if (error instanceof BaseError) {
      for (const part of [error, ...causes(error)]) forget(part)
    }
    throw error
  }
}

function causes(error: BaseError): object[] {
  const { parent, original } = error as { parent?: unknown; original?: unknown }
  return [parent, original].filter((it) => typeof it === 'object' && it !== null)
}

function forget(part: object): void {
  for (const key of REPEATS) if (key in part) Object.assign(part, { [key]: undefined })
}

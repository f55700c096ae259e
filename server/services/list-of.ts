import { z } from 'zod'

/** As `z.array`, but of a list of nonsense the first piece is enough: an issue for each of millions would take minutes. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.array(z.unknown()).transform((all, context): z.output<T>[] => {
    const read: z.output<T>[] = []
    for (const it of all) {
      const result = item.safeParse(it)
      if (!result.success) {
        context.addIssue({ code: 'custom', message: 'holds what does not belong there' })
        return z.NEVER
      }
      read.push(result.data)
    }
    return read
  })

/** As `z.record` of texts, which would look at the millionth value that is none as well. */
export const textsOf = z.unknown().transform((all, context): Readonly<Record<string, string>> => {
  const isMap = typeof all === 'object' && all !== null && !Array.isArray(all)
  if (isMap && Object.values(all).every((it) => typeof it === 'string'))
    return all as Record<string, string>
  context.addIssue({ code: 'custom', message: 'is no map of texts' })
  return z.NEVER
})

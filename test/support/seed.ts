/** What a random test starts from: another number each time, or the one that failed before. */
export const seed = Number(
  process.env['GATEHOUSE_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31),
)

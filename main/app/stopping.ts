const patience = 3000

/** Ends what others rely on before the app does, as long as that takes and no longer than a moment. */
export async function stopInTime(stop: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patience)
  })
  await Promise.race([stop().catch(() => undefined), late])
  clearTimeout(timer)
}

/** What several sources give before a time is over: who waits for it waits no longer. */

/**
 * Gathers what the work finds until it has ended or the time is over; what fails or comes later is left out.
 * @param ms time, 0 where none is left
 * @param work calls `add` whenever it has found something
 */
export async function gatheredWithin<T>(
  ms: number,
  work: (add: (found: readonly T[]) => void) => Promise<void>,
): Promise<readonly T[]> {
  const gathered: T[] = [];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, ms));
  });
  await Promise.race([work((found) => gathered.push(...found)).catch(() => {}), late]);
  clearTimeout(timer);
  return [...gathered];
}

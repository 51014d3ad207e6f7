/** How the fuzzers are started by hand: `node --import tsx test/fuzz/NAME.ts [COUNT] [SEED]`. */

/**
 * Runs a fuzzer and prints its seed and what it tells, if its file is the one that node was started with: tests import it too.
 * @param file `import.meta.filename`
 * @param usualCount how often it runs if no count is given
 */
export async function runIfStarted(
  file: string,
  usualCount: number,
  fuzz: (count: number, seed: number) => string | Promise<string>,
): Promise<void> {
  if (process.argv[1] !== file) return;
  const [count = usualCount, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
  console.log(`seed ${seed}`);
  console.log(await fuzz(count, seed));
}

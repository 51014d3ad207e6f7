/**
 * When the runtime compiles what it runs. The binary is built to compile hardly anything (scripts/build.mjs): most commands are over before
 * compiled code would pay, and compiling takes more CPU than they do. What works long takes that back.
 */

interface Runtime {
  /** Bun's; Node has none, and needs none. */
  readonly Bun?: { readonly unsafe?: { setJITPolicy?(scale: number): void } };
}

/** So much is read by commands that work long: lists of thousands, and records. */
const longBytes = 64 << 10;
/** What each answer counts besides its bytes: many small ones are long work too. */
const answerBytes = 4 << 10;
let left = longBytes;

/**
 * A third as eager as the runtime would be by itself: with 1, reading and writing 100 MB took 5 to 12 % more CPU, for code that hardly ran
 * again; with 10, reading a million small records took longer.
 */
const longWork = 3;

/** The same where WebAssembly goes over the records, and other code only over thousands of bytes at once: compiling it more takes 10 % more CPU. */
const kernelWork = 30;

/**
 * From now on code is compiled when it has run some thousand times. Code that ran before that stays uncompiled for longer.
 * @param byKernel a kernel does what is done for each record
 */
export function compileEagerly(byKernel = false): void {
  // What is asked for stays, however much is answered.
  left = -1;
  (globalThis as Runtime).Bun?.unsafe?.setJITPolicy?.(byKernel ? kernelWork : longWork);
}

interface Compiler {
  noFTL(code: (...args: never[]) => unknown): void;
}

/**
 * Keeps a function from the last stage of compiling, which pays after seconds of running only: of a list of 10,000 partitions it took twice the CPU
 * that reading the answers did. For code that reads and writes requests, not records.
 */
export function compileNoFurther<F extends (...args: never[]) => unknown>(code: F): F {
  (process.getBuiltinModule('bun:jsc') as Compiler | undefined)?.noFTL(code);
  return code;
}

/** Compiles eagerly once much has been read. @param bytes read now */
export function didWork(bytes: number): void {
  if (left < 0) return;
  left -= bytes + answerBytes;
  if (left < 0) compileEagerly();
}

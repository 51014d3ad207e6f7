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

/** From now on code is compiled as soon as it has run a few hundred times. Code that ran before that stays uncompiled for longer. */
export function compileEagerly(): void {
  (globalThis as Runtime).Bun?.unsafe?.setJITPolicy?.(1);
}

/** Compiles eagerly once much has been read. @param bytes read now */
export function didWork(bytes: number): void {
  if (left < 0) return;
  left -= bytes + answerBytes;
  if (left < 0) compileEagerly();
}

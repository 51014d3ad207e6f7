/**
 * When the runtime compiles what it runs. The binary is built to compile hardly anything (scripts/build.mjs): most commands are over before
 * compiled code would pay, and compiling takes more CPU than they do. What works long takes that back.
 */

interface Runtime {
  /** Bun's; Node has none, and needs none. */
  readonly Bun?: { readonly unsafe?: { setJITPolicy?(scale: number): void } };
}

/** From now on code is compiled as soon as it has run a few hundred times. Code that ran before that stays uncompiled for longer. */
export function compileEagerly(): void {
  (globalThis as Runtime).Bun?.unsafe?.setJITPolicy?.(1);
}

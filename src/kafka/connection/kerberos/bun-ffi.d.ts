/** What kt uses of Bun's `bun:ffi`, which is there in the binary only. */
declare module 'bun:ffi' {
  /** Where something is in memory: an address, or an array that stands for its own. */
  type Address = number | NodeJS.TypedArray | null;
  type Kind = 'ptr' | 'u32' | 'i32';

  interface Signature {
    readonly args: readonly Kind[];
    readonly returns: Kind;
  }

  /** @throws Error when the library cannot be loaded, or lacks one of the functions */
  export function dlopen<Name extends string>(
    path: string,
    functions: Readonly<Record<Name, Signature>>,
  ): { readonly symbols: Readonly<Record<Name, (...args: readonly Address[]) => number>> };

  /** The address of an array's bytes, which must not be empty. */
  export function ptr(array: NodeJS.TypedArray): number;

  /** The bytes at an address, not copied. */
  export function toArrayBuffer(address: number, offset: number, length: number): ArrayBuffer;
}

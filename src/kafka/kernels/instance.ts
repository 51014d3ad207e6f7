/** Kernels: loops over bytes as WebAssembly, which `npm run kernels` makes from kernels/*.ts. Only what needs one loads it. */

/** The parts of WebAssembly used here: its types come only with a browser's. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: object };
};

/** What every kernel exports. */
interface KernelMemory {
  readonly memory: { readonly buffer: ArrayBuffer };
}

/** An exported number, which a call may change. */
export interface KernelNumber {
  readonly value: number;
}

/** An instance of a kernel. @param encoded the module, in base64 */
export function instantiate<Exports>(encoded: string): Exports & KernelMemory {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(encoded, 'base64')));
  return exports as Exports & KernelMemory;
}

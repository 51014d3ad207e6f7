/**
 * The system's GSS-API library (RFC 2744) through Bun's FFI: the functions that a client needs, and what their results mean. They wait for the
 * KDC, so only the thread of Kerberos calls them.
 */
import { dlopen, toArrayBuffer } from 'bun:ffi';
import { emptyBuffer, oids, type Words } from './memory.ts';

/** The library's refusal, in its own words. */
export class GssRefusal extends Error {
  readonly major: number;
  readonly minor: number;

  constructor(text: string, major: number, minor: number) {
    super(text);
    [this.major, this.minor] = [major, minor];
  }
}

const functions = {
  gss_import_name: { args: ['ptr', 'ptr', 'ptr', 'ptr'], returns: 'u32' },
  gss_release_name: { args: ['ptr', 'ptr'], returns: 'u32' },
  gss_acquire_cred: { args: ['ptr', 'ptr', 'u32', 'ptr', 'i32', 'ptr', 'ptr', 'ptr'], returns: 'u32' },
  gss_release_cred: { args: ['ptr', 'ptr'], returns: 'u32' },
  gss_init_sec_context: {
    args: ['ptr', 'ptr', 'ptr', 'ptr', 'ptr', 'u32', 'u32', 'ptr', 'ptr', 'ptr', 'ptr', 'ptr', 'ptr'],
    returns: 'u32',
  },
  gss_delete_sec_context: { args: ['ptr', 'ptr', 'ptr'], returns: 'u32' },
  gss_wrap: { args: ['ptr', 'ptr', 'i32', 'u32', 'ptr', 'ptr', 'ptr'], returns: 'u32' },
  gss_unwrap: { args: ['ptr', 'ptr', 'ptr', 'ptr', 'ptr', 'ptr'], returns: 'u32' },
  gss_release_buffer: { args: ['ptr', 'ptr'], returns: 'u32' },
  gss_display_status: { args: ['ptr', 'u32', 'i32', 'ptr', 'ptr', 'ptr'], returns: 'u32' },
} as const;

/** MIT's extension, which Apple's library lacks. */
const storeFunctions = {
  gss_acquire_cred_from: { args: ['ptr', 'ptr', 'u32', 'ptr', 'i32', 'ptr', 'ptr', 'ptr', 'ptr'], returns: 'u32' },
} as const;

/** What a status code is of (RFC 2744, 5.11). */
const ofMajor = 1;
const ofMinor = 2;

export class Library {
  readonly #path: string;
  readonly gss: Readonly<ReturnType<typeof dlopen<keyof typeof functions>>>['symbols'];
  /** Where the functions leave the mechanism's code. */
  readonly minor = new Uint32Array(1);

  /** @throws Error when it cannot be loaded */
  constructor(path: string) {
    this.#path = path;
    this.gss = dlopen(path, functions).symbols;
  }

  /** `gss_acquire_cred_from`. @throws Error where the library has none */
  get acquireFrom() {
    return dlopen(this.#path, storeFunctions).symbols.gss_acquire_cred_from;
  }

  /** The major status of the last call. @throws GssRefusal */
  checked(major: number): number {
    // Above them are two kinds of errors, below only remarks.
    if (major >>> 16 === 0) return major;
    const code = this.minor[0]!;
    const text = (code !== 0 && this.#wordsOf(code, ofMinor)) || this.#wordsOf(major, ofMajor);
    throw new GssRefusal(text, major >>> 0, code);
  }

  /** What the library put into a buffer; gives the memory back to it. */
  taken(buffer: Words): Uint8Array {
    const length = Number(buffer[0]);
    const bytes = length > 0 ? new Uint8Array(toArrayBuffer(Number(buffer[1]), 0, length)).slice() : new Uint8Array();
    this.gss.gss_release_buffer(new Uint32Array(1), buffer);
    return bytes;
  }

  #wordsOf(status: number, kind: number): string {
    const more = new Uint32Array(1);
    const words: string[] = [];
    do {
      const text = emptyBuffer();
      const major = this.gss.gss_display_status(new Uint32Array(1), status, kind, oids.mechanism, more, text);
      words.push(new TextDecoder().decode(this.taken(text)));
      if (major !== 0) break;
    } while (more[0] !== 0);
    return words.join(', ');
  }
}

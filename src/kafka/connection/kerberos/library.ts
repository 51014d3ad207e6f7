/**
 * The system's GSS-API library (RFC 2744) through Bun's FFI, as far as a client needs it. Its calls wait for the KDC, so only the thread of
 * Kerberos makes them. What the library allocates it gets back.
 */
import { dlopen, ptr, toArrayBuffer } from 'bun:ffi';
import type { SecurityContext } from './client.ts';
import type { WantedContext } from './wanted.ts';

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

/** A pointer that the library sets, or a structure of a number and a pointer: in all of its structures both take eight bytes. */
type Words = BigUint64Array;
const nothing = (): Words => new BigUint64Array(1);
const structure = (first: number, pointsTo: NodeJS.TypedArray): Words =>
  BigUint64Array.of(BigInt(first), BigInt(ptr(pointsTo)));

/** Apple's header packs them on Intel. */
const isPacked = process.platform === 'darwin' && process.arch === 'x64';
const oidBytes = {
  /** Kerberos V5 (RFC 4121). */
  mechanism: Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2),
  /** `GSS_C_NT_HOSTBASED_SERVICE`: `kafka@host`. */
  service: Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 1, 4),
  /** `GSS_KRB5_NT_PRINCIPAL_NAME`: `me@REALM`. */
  principal: Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2, 1),
};
const oids = { mechanism: oid(oidBytes.mechanism), service: oid(oidBytes.service), principal: oid(oidBytes.principal) };

function oid(bytes: Uint8Array): Uint8Array {
  const made = new DataView(new ArrayBuffer(16));
  made.setUint32(0, bytes.length, true);
  made.setBigUint64(isPacked ? 4 : 8, BigInt(ptr(bytes)), true);
  return new Uint8Array(made.buffer);
}

/** RFC 2744, 5.1, 5.2 and 5.19. */
const initiates = 1;
const continues = 1;
const mutual = 2;
const sequence = 8;
const integrity = 32;
const ofMajor = 1;
const ofMinor = 2;

/** Tickets got with a keytab stay with this process. */
const ownCache = 'MEMORY:kt';

const loaded = new Map<string, ReturnType<typeof load>>();

/** @throws Error when it cannot be loaded */
export function loadLibrary(path: string): void {
  if (!loaded.has(path)) loaded.set(path, load(path));
}

function load(path: string) {
  return dlopen(path, functions).symbols;
}

/** @throws GssRefusal */
export function openContext({ library, service, host, principal, keytab, ticketCache }: WantedContext): SecurityContext {
  loadLibrary(library);
  const gss = loaded.get(library)!;
  const minor = new Uint32Array(1);
  // What a structure points to must live as long as it.
  const kept: NodeJS.TypedArray[] = [];
  const [target, name, credential, context] = [nothing(), nothing(), nothing(), nothing()];

  const bytesOf = (buffer: Words): Uint8Array => {
    const length = Number(buffer[0]);
    const bytes = length > 0 ? new Uint8Array(toArrayBuffer(Number(buffer[1]), 0, length)).slice() : new Uint8Array();
    gss.gss_release_buffer(new Uint32Array(1), buffer);
    return bytes;
  };
  const bufferOf = (bytes: Uint8Array): Words => {
    kept.push(bytes);
    return bytes.length > 0 ? structure(bytes.length, bytes) : new BigUint64Array(2);
  };
  const wordsOf = (status: number, kind: number): string => {
    const more = new Uint32Array(1);
    const words: string[] = [];
    do {
      const text = new BigUint64Array(2);
      const failed = gss.gss_display_status(new Uint32Array(1), status, kind, oids.mechanism, more, text);
      words.push(new TextDecoder().decode(bytesOf(text)));
      if (failed !== 0) break;
    } while (more[0] !== 0);
    return words.join(', ');
  };
  const checked = (major: number): number => {
    // Above them are two kinds of errors, below only remarks.
    if (major >>> 16 === 0) return major;
    const code = minor[0]!;
    const text = (code !== 0 && wordsOf(code, ofMinor)) || wordsOf(major, ofMajor);
    throw new GssRefusal(text, major >>> 0, code);
  };
  const value = (words: Words): number | null => (words[0] === 0n ? null : Number(words[0]));
  const importName = (text: string, kind: Uint8Array, into: Words) =>
    checked(gss.gss_import_name(minor, bufferOf(Buffer.from(text)), kind, into));

  const acquire = (): void => {
    const store = storeOf({ keytab, ticketCache }, kept);
    if (principal !== undefined) importName(principal, oids.principal, name);
    if (store) {
      const from = dlopen(library, storeFunctions).symbols;
      checked(from.gss_acquire_cred_from(minor, value(name), 0, null, initiates, store, credential, null, null));
    } else if (principal !== undefined) {
      checked(gss.gss_acquire_cred(minor, value(name), 0, null, initiates, credential, null, null));
    }
  };
  const release = (): void => {
    gss.gss_delete_sec_context(minor, context, null);
    for (const each of [target, name]) gss.gss_release_name(minor, each);
    gss.gss_release_cred(minor, credential);
    kept.length = 0;
  };
  try {
    importName(`${service}@${host}`, oids.service, target);
    acquire();
  } catch (error) {
    release();
    throw error;
  }
  return {
    step(answer) {
      const given = answer && bufferOf(answer);
      const token = new BigUint64Array(2);
      const flags = mutual | sequence | integrity;
      const [by, to] = [value(credential), value(target)];
      const asked = [minor, by, context, to, oids.mechanism, flags, 0, null, given ?? null, null, token, null, null] as const;
      const major = gss.gss_init_sec_context(...asked);
      // On errors, too, there may be one.
      const bytes = bytesOf(token);
      return { token: bytes, isComplete: (checked(major) & continues) === 0 };
    },
    wrap(bytes) {
      const wrapped = new BigUint64Array(2);
      checked(gss.gss_wrap(minor, value(context), 0, 0, bufferOf(bytes), null, wrapped));
      return bytesOf(wrapped);
    },
    unwrap(bytes) {
      const unwrapped = new BigUint64Array(2);
      checked(gss.gss_unwrap(minor, value(context), bufferOf(bytes), unwrapped, null, null));
      return bytesOf(unwrapped);
    },
    release,
  };
}

/** MIT's store of credentials (`gss_key_value_set_desc`); undefined where the system's own is meant. */
function storeOf(
  { keytab, ticketCache }: Pick<WantedContext, 'keytab' | 'ticketCache'>,
  kept: NodeJS.TypedArray[],
): Words | undefined {
  const cache = ticketCache ?? (keytab === undefined ? undefined : ownCache);
  const entries = Object.entries({ ccache: cache, client_keytab: keytab }).filter(([, text]) => text !== undefined);
  if (entries.length === 0) return undefined;
  const texts = entries.flat().map((text) => Buffer.from(`${text}\0`));
  const elements = BigUint64Array.from(texts.map((text) => BigInt(ptr(text))));
  kept.push(...texts, elements);
  return structure(entries.length, elements);
}

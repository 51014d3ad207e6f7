/**
 * What GSS-API's functions take and set in memory (RFC 2744, 3): pointers, buffers, object identifiers. A structure and what it points to are one
 * piece of memory, so that the one cannot be freed before the other.
 */
import { ptr } from 'bun:ffi';

/** A pointer that the library sets, or a structure of a number and a pointer. */
export type Words = BigUint64Array;

/** A pointer to nothing yet. */
export function nothing(): Words {
  return new BigUint64Array(1);
}

/** An empty buffer, for the library to fill. */
export function emptyBuffer(): Words {
  return new BigUint64Array(2);
}

/** What a pointer leads to; null for nothing. */
export function target(pointer: Words): number | null {
  return pointer[0] === 0n ? null : Number(pointer[0]);
}

/** Bytes of a number and a pointer. */
const pairBytes = 16;

/** A `gss_buffer_desc` and its bytes. */
export function bufferOf(bytes: Uint8Array): Uint8Array {
  const [memory, address] = allocated(pairBytes + bytes.length);
  const view = new DataView(memory.buffer);
  view.setBigUint64(0, BigInt(bytes.length), true);
  view.setBigUint64(8, BigInt(address + pairBytes), true);
  memory.set(bytes, pairBytes);
  return memory;
}

/** A `gss_key_value_set_desc` of MIT's, with its elements and their texts. */
export function keyValues(pairs: readonly (readonly [key: string, value: string])[]): Uint8Array {
  const texts = pairs.flat().map((text) => Buffer.from(`${text}\0`));
  const textsAt = pairBytes + pairs.length * pairBytes;
  const [memory, address] = allocated(textsAt + texts.reduce((sum, { length }) => sum + length, 0));
  const view = new DataView(memory.buffer);
  view.setUint32(0, pairs.length, true);
  view.setBigUint64(8, BigInt(address + pairBytes), true);
  let at = textsAt;
  for (const [index, text] of texts.entries()) {
    view.setBigUint64(pairBytes + 8 * index, BigInt(address + at), true);
    memory.set(text, at);
    at += text.length;
  }
  return memory;
}

/** Apple's header packs `gss_OID_desc` on Intel. */
const isPacked = process.platform === 'darwin' && process.arch === 'x64';

function oid(...encoded: readonly number[]): Uint8Array {
  const [memory, address] = allocated(pairBytes + encoded.length);
  const view = new DataView(memory.buffer);
  view.setUint32(0, encoded.length, true);
  view.setBigUint64(isPacked ? 4 : 8, BigInt(address + pairBytes), true);
  memory.set(encoded, pairBytes);
  return memory;
}

/** All begin with 1.2.840.113554.1.2. */
const start = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2] as const;

export const oids = {
  /** Kerberos V5 (RFC 4121). */
  mechanism: oid(...start, 2),
  /** `GSS_C_NT_HOSTBASED_SERVICE`: `kafka@host`. */
  service: oid(...start, 1, 4),
  /** `GSS_KRB5_NT_PRINCIPAL_NAME`: `me@REALM`. */
  principal: oid(...start, 2, 1),
};

function allocated(length: number): readonly [memory: Uint8Array<ArrayBuffer>, address: number] {
  const memory = new Uint8Array(new ArrayBuffer(length));
  return [memory, ptr(memory)];
}

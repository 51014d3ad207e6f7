/** What GSS-API's functions take and set in memory (RFC 2744, 3): pointers, buffers, object identifiers. */
import { ptr } from 'bun:ffi';

/** A pointer that the library sets, or a structure of a number and a pointer: in all of its structures both take eight bytes. */
export type Words = BigUint64Array;

/** A pointer to nothing yet. */
export function nothing(): Words {
  return new BigUint64Array(1);
}

/** An empty buffer, for the library to fill. */
export function emptyBuffer(): Words {
  return new BigUint64Array(2);
}

/** @param pointsTo not empty; must live as long as the structure is used */
export function structure(first: number, pointsTo: NodeJS.TypedArray): Words {
  return BigUint64Array.of(BigInt(first), BigInt(ptr(pointsTo)));
}

/** What a pointer leads to; null for nothing. */
export function target(pointer: Words): number | null {
  return pointer[0] === 0n ? null : Number(pointer[0]);
}

/** Apple's header packs them on Intel. */
const isPacked = process.platform === 'darwin' && process.arch === 'x64';
const bytes = {
  mechanism: Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2),
  service: Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 1, 4),
  principal: Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2, 1),
};

function oid(encoded: Uint8Array): Uint8Array {
  const made = new DataView(new ArrayBuffer(16));
  made.setUint32(0, encoded.length, true);
  made.setBigUint64(isPacked ? 4 : 8, BigInt(ptr(encoded)), true);
  return new Uint8Array(made.buffer);
}

export const oids = {
  /** Kerberos V5 (RFC 4121). */
  mechanism: oid(bytes.mechanism),
  /** `GSS_C_NT_HOSTBASED_SERVICE`: `kafka@host`. */
  service: oid(bytes.service),
  /** `GSS_KRB5_NT_PRINCIPAL_NAME`: `me@REALM`. */
  principal: oid(bytes.principal),
};

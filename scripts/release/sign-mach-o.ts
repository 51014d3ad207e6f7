/**
 * Signs a Mach-O program ad hoc, as a linker does. Bun 1.4.5 does so for arm64 only: a program for x64 keeps the signature of Bun's runtime, which fits
 * no longer, and whose hardened runtime has macOS kill the program at its first wrong page.
 */
import { createHash } from 'node:crypto';
import { readExecutable } from './executable.ts';

const pageBits = 12;
const pageSize = 1 << pageBits;
const identifier = Buffer.from('kt\0');
/** The blob before its code directory: magic, length, count, and the directory's type and offset. */
const superBlobBytes = 20;
/** Of a code directory of version 0x20400, before the identifier. */
const directoryBytes = 88;

/** @returns the program with its signature replaced @throws if it has none, or data that are mapped behind it */
export function signMachO(program: Buffer): Buffer {
  const { signature } = readExecutable(program);
  if (!signature) throw new Error('it has no signature to replace');
  const pages = Math.ceil(signature.offset / pageSize);
  const size = superBlobBytes + directoryBytes + identifier.length + pages * 32;
  const signed = Buffer.concat([program.subarray(0, signature.offset), Buffer.alloc(Math.ceil(size / 16) * 16)]);
  const text = fitCommands(signed, signature.offset);
  // The hashes cover the commands: from here on they must not change.
  const blob = signed.subarray(signature.offset);
  [0xfade0cc0, size, 1, 0, superBlobBytes].forEach((value, index) => void blob.writeUInt32BE(value, index * 4));
  const directory = blob.subarray(superBlobBytes);
  const hashOffset = directoryBytes + identifier.length;
  // Flags: ad hoc, made by a linker.
  const head = [0xfade0c02, size - superBlobBytes, 0x20400, 0x20002, hashOffset, directoryBytes, 0, pages, signature.offset];
  head.forEach((value, index) => void directory.writeUInt32BE(value, index * 4));
  directory.set([32, 2, 0, pageBits], 36);
  directory.writeBigUInt64BE(text.offset, 64);
  directory.writeBigUInt64BE(text.size, 72);
  // It is a main program.
  directory.writeBigUInt64BE(1n, 80);
  identifier.copy(directory, directoryBytes);
  for (let page = 0; page < pages; page++) {
    const content = signed.subarray(page * pageSize, Math.min((page + 1) * pageSize, signature.offset));
    createHash('sha256')
      .update(content)
      .digest()
      .copy(directory, hashOffset + page * 32);
  }
  return signed;
}

/**
 * Gives LC_CODE_SIGNATURE (0x1d) and the segment __LINKEDIT, which ends with the signature, their new sizes.
 *
 * @returns where the code is in the file: the segment __TEXT
 */
function fitCommands(program: Buffer, signatureOffset: number): { readonly offset: bigint; readonly size: bigint } {
  const count = program.readUInt32LE(16);
  let text: { offset: bigint; size: bigint } | undefined;
  let last = { name: '', address: -1n };
  for (let index = 0, at = 32; index < count; index++, at += program.readUInt32LE(at + 4)) {
    const command = program.readUInt32LE(at);
    if (command === 0x1d) program.writeUInt32LE(program.length - signatureOffset, at + 12);
    // LC_SEGMENT_64
    if (command !== 0x19) continue;
    const name = program.toString('latin1', at + 8, at + 24).replace(/\0+$/, '');
    const [address, offset] = [program.readBigUInt64LE(at + 24), program.readBigUInt64LE(at + 40)];
    if (address > last.address) last = { name, address };
    if (name === '__TEXT') text = { offset, size: program.readBigUInt64LE(at + 48) };
    if (name !== '__LINKEDIT') continue;
    const size = BigInt(program.length) - offset;
    const page = 0x4000n;
    program.writeBigUInt64LE(((size + page - 1n) / page) * page, at + 32);
    program.writeBigUInt64LE(size, at + 48);
  }
  if (!text) throw new Error('it has no segment __TEXT');
  if (last.name !== '__LINKEDIT') throw new Error(`the segment ${last.name} is mapped behind __LINKEDIT, which cannot grow`);
  return text;
}

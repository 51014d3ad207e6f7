/** A program for macOS is signed so that each of its pages fits its signature. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { readExecutable } from '../../../../scripts/release/executable.ts';
import { signMachO } from '../../../../scripts/release/sign-mach-o.ts';
import { checkSignature } from '../../../../scripts/release/signature.ts';

const codeBytes = 100_000;

/** Header, __TEXT, __LINKEDIT and LC_CODE_SIGNATURE, then code, then a signature of something else. */
function program(): Buffer {
  const bytes = Buffer.concat([randomBytes(codeBytes), Buffer.alloc(64)]);
  bytes.fill(0, 0, 512);
  bytes.writeUInt32LE(0xfeedfacf, 0);
  bytes.writeUInt32LE(0x01000007, 4);
  bytes.writeUInt32LE(3, 16);
  const segment = (at: number, name: string, address: number, offset: number, size: number) => {
    bytes.writeUInt32LE(0x19, at);
    bytes.writeUInt32LE(72, at + 4);
    bytes.write(name, at + 8, 'latin1');
    [address, size, offset, size].forEach((value, index) => void bytes.writeBigUInt64LE(BigInt(value), at + 24 + index * 8));
  };
  segment(32, '__TEXT', 0x1000, 0, 90_112);
  segment(104, '__LINKEDIT', 0x20000, 90_112, bytes.length - 90_112);
  [0x1d, 16, codeBytes, 64].forEach((value, index) => void bytes.writeUInt32LE(value, 176 + index * 4));
  return bytes;
}

test('signed again, every page fits, and the segment ends with the signature', () => {
  const unsigned = program();
  const { signature: old } = readExecutable(unsigned);
  assert.throws(() => checkSignature(unsigned, old!), /no embedded signature/);
  const signed = signMachO(unsigned);
  const { signature, machine } = readExecutable(signed);
  assert.equal(machine, 'x64');
  assert.equal(checkSignature(signed, signature!), Math.ceil(codeBytes / 4096));
  assert.equal(signature!.offset + signature!.size, signed.length);
  assert.equal(Number(signed.readBigUInt64LE(104 + 40) + signed.readBigUInt64LE(104 + 48)), signed.length);
  assert.ok(signMachO(unsigned).equals(signed) && signMachO(signed).equals(signed), 'the same bytes each time');
  signed[50_000]! ^= 1;
  assert.throws(() => checkSignature(signed, signature!), /page 12 does not match/);
});

test('what is no program for an x64 or arm64 is not taken for one', () => {
  assert.throws(() => readExecutable(Buffer.from('#!/bin/sh\necho\n')), /no 64-bit program/);
  const other = program();
  other.writeUInt32LE(7, 4);
  assert.throws(() => readExecutable(other), /another processor/);
});

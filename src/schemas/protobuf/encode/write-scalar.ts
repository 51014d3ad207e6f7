/** Values of scalar types → their bytes on the wire, without a tag. */
import type { EnumType, Scalar } from '../model.ts';
import type { ScalarType } from '../source/declaration.ts';
import type { Output } from './output.ts';

type WriteScalar = (out: Output, value: never) => void;

const varint = (out: Output, value: number | bigint) => out.varint(value);
const fixed32 = (out: Output, value: number) => out.fixed32(value);
const fixed64 = (out: Output, value: number | bigint) => out.fixed64(value);

const writers: Readonly<Record<ScalarType, WriteScalar>> = {
  int32: varint,
  int64: varint,
  uint32: varint,
  uint64: varint,
  sint32: (out, value: number) => out.varint32((value << 1) ^ (value >> 31)),
  sint64: (out, value: number | bigint) => out.varint((BigInt(value) << 1n) ^ (BigInt(value) >> 63n)),
  fixed32,
  sfixed32: fixed32,
  fixed64,
  sfixed64: fixed64,
  bool: (out, value: boolean) => out.varint32(value ? 1 : 0),
  float: (out, value: number) => out.float(value),
  double: (out, value: number) => out.double(value),
  string: (out, value: string) => out.text(value),
  bytes: (out, value: Buffer) => out.block(value),
};

/** @param value of the type */
export function writeScalar(out: Output, type: ScalarType | EnumType, value: Scalar): void {
  if (typeof type === 'object') out.varint(value as number);
  else writers[type](out, value as never);
}

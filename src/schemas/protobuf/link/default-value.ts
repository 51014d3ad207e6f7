/** What the absence of a field means: its declared default, or the zero of its type. */
import type { EnumType, Scalar } from '../model.ts';
import type { FieldDeclaration, ScalarType } from '../source/declaration.ts';
import { exactInteger } from '../source/tokens.ts';

/** @returns undefined for a declared default that is none of the type */
export function defaultOf({ defaultValue }: FieldDeclaration, type: ScalarType | EnumType): Scalar | undefined {
  if (typeof type === 'object') return typeof defaultValue === 'string' ? type.numbers.get(defaultValue) : type.first;
  switch (type) {
    case 'string':
      return defaultValue === undefined ? '' : Buffer.isBuffer(defaultValue) ? defaultValue.toString() : undefined;
    case 'bytes':
      return defaultValue === undefined ? Buffer.alloc(0) : Buffer.isBuffer(defaultValue) ? defaultValue : undefined;
    case 'bool':
      return defaultValue === undefined || defaultValue === 'false' ? false : defaultValue === 'true' ? true : undefined;
    case 'float':
    case 'double':
      return floatOf(defaultValue ?? '0', type);
    default:
      return integerOf(defaultValue ?? '0');
  }
}

function floatOf(text: string | Buffer, type: 'float' | 'double'): number | undefined {
  if (typeof text !== 'string') return undefined;
  const sign = text.startsWith('-') ? -1 : 1;
  const word = text.replace(/^-/, '');
  const value = word === 'inf' ? Number.POSITIVE_INFINITY : word === 'nan' ? Number.NaN : Number(word);
  if (Number.isNaN(value) && word !== 'nan') return undefined;
  return sign * (type === 'float' ? Math.fround(value) : value);
}

function integerOf(text: string | Buffer): number | bigint | undefined {
  const found = typeof text === 'string' && /^(-?)(0[xX][\dA-Fa-f]+|\d+)$/.exec(text);
  if (!found) return undefined;
  const value = exactInteger(found[2]!) * (found[1] === '' ? 1n : -1n);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

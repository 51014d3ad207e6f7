/** The logical type that a schema names, if it fits the type it is on; any other is ignored, as Avro's specification says. */
import type { ExactJson } from '../../../base/json/exact-json.ts';
import type { Logical } from '../types.ts';

/** Decimals of more digits are shown as the bytes they are: nobody reads them, and their text takes long to make. */
const mostPrecise = 2400;

type Properties = Readonly<Record<string, ExactJson>>;

const timeLogicals: Readonly<Record<string, readonly [kind: string, logical: Logical]>> = {
  date: ['int', { name: 'date' }],
  'time-millis': ['int', { name: 'time', digits: 3 }],
  'time-micros': ['long', { name: 'time', digits: 6 }],
  'timestamp-millis': ['long', { name: 'timestamp', digits: 3 }],
  'timestamp-micros': ['long', { name: 'timestamp', digits: 6 }],
  'timestamp-nanos': ['long', { name: 'timestamp', digits: 9 }],
  'local-timestamp-millis': ['long', { name: 'local-timestamp', digits: 3 }],
  'local-timestamp-micros': ['long', { name: 'local-timestamp', digits: 6 }],
  'local-timestamp-nanos': ['long', { name: 'local-timestamp', digits: 9 }],
};

/** @param size of a fixed, in bytes */
export function logicalOf(schema: Properties, kind: string, size?: number): Logical | undefined {
  const name = Object.hasOwn(schema, 'logicalType') ? schema['logicalType'] : undefined;
  if (typeof name !== 'string') return undefined;
  if (name === 'decimal') return kind === 'bytes' || kind === 'fixed' ? decimalOf(schema, size) : undefined;
  if (name === 'uuid') return kind === 'string' || (kind === 'fixed' && size === 16) ? { name } : undefined;
  if (name === 'duration') return kind === 'fixed' && size === 12 ? { name } : undefined;
  if (name === 'big-decimal') return kind === 'bytes' ? { name } : undefined;
  const found = Object.hasOwn(timeLogicals, name) ? timeLogicals[name]! : undefined;
  return found?.[0] === kind ? found[1] : undefined;
}

function decimalOf(schema: Properties, size: number | undefined): Logical | undefined {
  const precision = Object.hasOwn(schema, 'precision') ? schema['precision'] : undefined;
  const scale = Object.hasOwn(schema, 'scale') ? schema['scale'] : 0;
  if (!isCount(precision) || !isCount(scale) || precision === 0 || precision > mostPrecise || scale > precision)
    return undefined;
  if (size !== undefined && precision > mostDigits(size)) return undefined;
  return { name: 'decimal', precision, scale };
}

function isCount(value: ExactJson | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0x7fffffff;
}

/** How many decimal digits always fit into a two's complement of so many bytes. */
function mostDigits(size: number): number {
  return Math.floor(Math.log10(2) * (8 * size - 1));
}

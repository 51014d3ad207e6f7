/** What the results of expressions are as parts of a record: text as it is, everything else as exact JSON, null as null. */

import { isWellFormed } from '../../base/well-formed.ts';
import type { RecordHeader } from '../../kafka/batch/record-headers.ts';
import { ExpressionFailure } from '../expression/failure.ts';
import { jsonText, numberWithoutJson, typeName } from '../expression/values.ts';

const fieldNames = ['key', 'value', 'headers', 'timestamp', 'partition'] as const;

type RecordFields = { readonly [name in (typeof fieldNames)[number]]?: unknown };

/** A key, value or header's value. @param what whose, for errors @throws ExpressionFailure for what has neither text nor JSON */
export function fieldBytes(what: string, result: unknown): Buffer | null {
  if (result === null) return null;
  if (typeof result !== 'string') return Buffer.from(fieldJson(what, result));
  refuseHalves(what, result);
  return Buffer.from(result);
}

/** The JSON of a key or value, text as JSON too. @throws ExpressionFailure for what has none */
export function fieldJson(what: string, result: unknown): string {
  if (typeof result === 'string') refuseHalves(what, result);
  else refuseUnwritable(what, result);
  const text = jsonText(result);
  if (text === undefined)
    throw new ExpressionFailure(`${what} gives ${typeName(result)}: null would be a null, '' an empty text`);
  return text;
}

function refuseHalves(what: string, text: string): void {
  if (!isWellFormed(text)) throw new ExpressionFailure(`${what} gives text with half a character, which has no UTF-8`);
}

function refuseUnwritable(what: string, result: unknown): void {
  const number = numberWithoutJson(result);
  if (number !== undefined) throw new ExpressionFailure(`${what} gives ${number}, which JSON has not`);
}

/** The fields that `--map-record` gives. @throws ExpressionFailure for anything but an object of them */
export function recordFields(result: unknown): RecordFields {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) {
    throw new ExpressionFailure(`--map gives ${result === null ? 'null' : kindOf(result)}, and --map-record wants an object`);
  }
  const unknown = Object.keys(result).find((name) => !(fieldNames as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new ExpressionFailure(`--map gives a field ${unknown}; a record has ${fieldNames.join(', ')}`);
  return result;
}

/** Headers as an object, or as a list of `{key, value}` as `tail -o json` prints them. @throws ExpressionFailure */
export function headersOf(what: string, result: unknown): readonly RecordHeader[] {
  if (typeof result !== 'object' || result === null) {
    throw new ExpressionFailure(`${what} are ${kindOf(result)}, not an object or a list of {key, value}`);
  }
  if (!Array.isArray(result)) return Object.entries(result).map(([name, value]) => header(what, name, value));
  return result.map((each: unknown) => {
    const { key, value } = (typeof each === 'object' && each !== null ? each : {}) as { key?: unknown; value?: unknown };
    if (typeof key !== 'string') throw new ExpressionFailure(`${what} have an entry without a key`);
    return header(what, key, value);
  });
}

function header(what: string, name: string, value: unknown): RecordHeader {
  return { key: Buffer.from(name), value: fieldBytes(`${name} in ${what}`, value) };
}

/** @throws ExpressionFailure */
export function timestampOf(result: unknown): number | bigint {
  const isWhole = Number.isSafeInteger(result) || (typeof result === 'bigint' && BigInt.asIntN(64, result) === result);
  if (!isWhole || (result as number | bigint) < -1)
    throw new ExpressionFailure(`timestamp of --map is ${shown(result)}, not epoch milliseconds`);
  return result as number | bigint;
}

/** @throws ExpressionFailure */
export function partitionOf(result: unknown): number {
  if (!Number.isSafeInteger(result) || (result as number) < 0)
    throw new ExpressionFailure(`partition of --map is ${shown(result)}, not a partition's number`);
  return result as number;
}

function kindOf(result: unknown): string {
  return Array.isArray(result) ? 'a list' : typeName(result);
}

function shown(result: unknown): string {
  return jsonText(result) ?? typeName(result);
}

/** How two schemas of one subject differ, and which of the differences break readers. */
import { jsonValue } from '../../../base/json/exact-json.ts';
import { resolvedText } from '../resolved-text.ts';
import type { RegisteredSchema } from '../schema.ts';
import { avroParts } from './avro.ts';
import { type Unreadable, unreadableParts } from './avro-reading.ts';
import { changesBetween, type SchemaChange, type SchemaParts } from './change.ts';
import { jsonSchemaParts } from './json-schema.ts';
import { protobufParts } from './protobuf.ts';

type Compared = Pick<RegisteredSchema, 'type' | 'text'> & Partial<Pick<RegisteredSchema, 'references'>>;

/** Field by field; one change of the whole where a text cannot be taken apart, or the types differ. */
export function compareSchemas(before: Compared, after: Compared): SchemaChange[] {
  const isSame = before.text === after.text && before.type === after.type;
  if (isSame && !before.references?.length && !after.references?.length) return [];
  const parts = [before, after].map(partsOf);
  const [a, b] = parts;
  if (!a || !b || before.type !== after.type) {
    return [{ path: '', change: 'changed', from: shortText(before), to: shortText(after) }];
  }
  return changesBetween(a, b);
}

/** undefined for a text that is none of its type, and for a descriptor in base64. */
function partsOf(schema: Compared): SchemaParts | undefined {
  const { type, text } = schema;
  if (type === 'PROTOBUF') return /[{;]/.test(text) ? protobufParts(text) : undefined;
  const value = jsonValue(type === 'AVRO' ? wholeText(schema) : text);
  if (value === undefined) return undefined;
  return type === 'AVRO' ? avroParts(value) : jsonSchemaParts(value);
}

/** With what it refers to, so that what changed there counts. */
function wholeText({ references = [], ...schema }: Compared): string {
  return references.length === 0 ? schema.text : resolvedText({ ...schema, references });
}

function shortText({ type, text }: Compared): string {
  return `${type} ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`;
}

/**
 * What a level forbids of an Avro schema beside a version, in words; empty where kt sees nothing, and for other types.
 * @param level Confluent's: BACKWARD means that the new schema reads what the old one wrote
 */
export function breaks(level: string, older: Compared, newer: Compared): string[] {
  if (older.type !== 'AVRO' || newer.type !== 'AVRO') return [];
  const [before, after] = [wholeText(older), wholeText(newer)];
  const backward = /^(BACKWARD|FULL)/.test(level) ? unreadableParts(after, before).map((each) => words(each, true)) : [];
  const forward = /^(FORWARD|FULL)/.test(level) ? unreadableParts(before, after).map((each) => words(each, false)) : [];
  return [...new Set([...backward, ...forward])];
}

function words({ path, kind, reader, writer }: Unreadable, backward: boolean): string {
  const field = path === '' ? 'the schema' : `field ${path}`;
  const [was, is] = backward ? [writer, reader] : [reader, writer];
  if (kind === 'missing') return backward ? `${field} was added without a default` : `${field} was removed, and had no default`;
  if (kind === 'symbols') return `${field}: ${backward ? 'symbols were removed' : 'symbols were added'} (${was} → ${is})`;
  return `${field} changed from ${was} to ${is}`;
}

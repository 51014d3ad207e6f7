/** Kafka's message definitions, and the compact descriptors that the codec reads. */

export interface Field {
  name: string;
  type: string;
  versions?: string;
  nullableVersions?: string;
  taggedVersions?: string;
  flexibleVersions?: string;
  tag?: number;
  /** The text `null` for null; JSON's null is the same as no default. */
  default?: string | number | boolean | null;
  ignorable?: boolean;
  fields?: Field[];
}

export interface Message {
  /** The record type, for a coordinator's record. */
  apiKey?: number;
  type: string;
  name: string;
  validVersions: string;
  flexibleVersions: string;
  latestVersionUnstable?: boolean;
  fields: Field[];
  commonStructs?: { name: string; fields: Field[] }[];
}

type Range = readonly [min: number, max: number];
const nowhere: Range = [0, -1];
const highest = 0x7fff;

export function rangeOf(text: string | undefined): Range {
  if (text === undefined || text === 'none') return nowhere;
  const match = /^(\d+)(?:(\+)|-(\d+))?$/.exec(text);
  if (!match) throw new Error(`not a version range: ${text}`);
  const min = Number(match[1]);
  return [min, match[2] ? highest : Number(match[3] ?? min)];
}

export function lowerFirst(name: string): string {
  return name[0]!.toLowerCase() + name.slice(1);
}

export function isList(field: Field): boolean {
  return field.type.startsWith('[]');
}

/** `[name, type, min, max, nullMin, nullMax, tagMin, tag, default, ignorable, fields?]`; see src/kafka/wire/schema.ts, which reads it. */
function describeField(field: Field, message: Message): unknown[] {
  const [min, max] = rangeOf(field.versions ?? field.taggedVersions ?? '0+');
  const [nullMin, nullMax] = rangeOf(field.nullableVersions);
  const fields = fieldsOf(field, message);
  const [tagMin, tagMax] = field.taggedVersions === undefined ? [-1, highest] : rangeOf(field.taggedVersions);
  if (tagMax !== highest || field.flexibleVersions !== undefined)
    throw new Error(`${message.name}.${field.name}: a kind of field that the codec does not know`);
  return [
    lowerFirst(field.name),
    fields ? (isList(field) ? '[]struct' : 'struct') : field.type,
    min,
    max,
    nullMin,
    nullMax,
    tagMin,
    field.tag ?? -1,
    field.default == null ? null : String(field.default),
    field.ignorable ? 1 : 0,
    ...(fields ? [fields.map((inner) => describeField(inner, message))] : []),
  ];
}

const primitives = new Set([
  'bool',
  'int8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'float64',
  'string',
  'bytes',
  'records',
  'uuid',
]);

export function fieldsOf(field: Field, message: Message): Field[] | undefined {
  const element = field.type.replace(/^\[\]/, '');
  if (primitives.has(element)) return undefined;
  const fields = field.fields ?? message.commonStructs?.find(({ name }) => name === element)?.fields;
  if (!fields) throw new Error(`${message.name}: no struct ${element}`);
  return fields;
}

export function describeMessage(message: Message): unknown[] {
  const [min, max] = rangeOf(message.validVersions);
  const [flexible] = message.flexibleVersions === 'none' ? [highest + 1] : rangeOf(message.flexibleVersions);
  return [
    min,
    message.latestVersionUnstable ? max - 1 : max,
    flexible,
    message.fields.map((field) => describeField(field, message)),
  ];
}

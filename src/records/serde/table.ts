/** The formats of keys and values that kt knows, one line each. A format's code is loaded when it is first used. */
import type { MakeSerde } from './serde.ts';

interface SerdeEntry {
  /** What the help says of it, after its name. */
  readonly means: string;
  /** Whether it can be written too. */
  readonly writes: boolean;
  readonly load: () => Promise<{ readonly makeSerde: MakeSerde }>;
}

/** To add a format: its file, its line here, its test. */
export const serdeTable = {
  string: { means: 'text (UTF-8)', writes: true, load: () => import('./string.ts') },
  json: { means: 'JSON text', writes: true, load: () => import('./json.ts') },
  hex: { means: 'any bytes, in hexadecimal', writes: true, load: () => import('./hex.ts') },
  base64: { means: 'any bytes, in base64', writes: true, load: () => import('./base64.ts') },
  int32: { means: '4 bytes, as IntegerSerializer writes', writes: true, load: () => import('./int32.ts') },
  int64: { means: '8 bytes, as LongSerializer writes', writes: true, load: () => import('./int64.ts') },
  double: { means: '8 bytes, as DoubleSerializer writes', writes: true, load: () => import('./double.ts') },
  uuid: { means: '16 bytes', writes: true, load: () => import('./uuid.ts') },
  cbor: { means: 'CBOR, shown as JSON', writes: true, load: () => import('./cbor.ts') },
  msgpack: { means: 'MessagePack, shown as JSON', writes: true, load: () => import('./msgpack.ts') },
  schema: { means: 'as the schema that the record names says', writes: false, load: () => import('./schema.ts') },
  avro: { means: 'data of an Avro schema', writes: false, load: () => import('./schema.ts') },
  protobuf: { means: 'Protobuf messages', writes: false, load: () => import('./schema.ts') },
  'json-schema': { means: 'JSON with a JSON Schema', writes: false, load: () => import('./schema.ts') },
  internal: { means: "the records of Kafka's own topics, shown as JSON", writes: false, load: () => import('./internal.ts') },
} as const satisfies Readonly<Record<string, SerdeEntry>>;

export type SerdeName = keyof typeof serdeTable;
export type WritableSerdeName = { [N in SerdeName]: (typeof serdeTable)[N]['writes'] extends true ? N : never }[SerdeName];

/** All names, for what reads. */
export const serdeNames = Object.keys(serdeTable) as readonly SerdeName[];

/** The names of what can be written. */
export const writableSerdeNames = serdeNames.filter((name): name is WritableSerdeName => serdeTable[name].writes);

/** `string: text (UTF-8); json: …`, for help. */
export function serdeMeanings(names: readonly SerdeName[]): string {
  return names.map((name) => `${name}: ${serdeTable[name].means}`).join('; ');
}

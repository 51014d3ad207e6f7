/** Which of some schemas records carry: told by the first bytes of keys and values, and by headers. */
import type { RecordView } from '../kafka/batch/record.ts';
import { visitHeaders } from '../kafka/batch/record-headers.ts';

/** A schema as records name it. */
export interface WantedSchema {
  readonly id: number;
  /** Where the registry has GUIDs. */
  readonly guid: string | undefined;
}

type Field = 'key' | 'value';

export interface SchemaUse {
  readonly topic: string;
  readonly field: Field;
  readonly id: number;
  /** How many records carry it, of those that were looked at. */
  readonly records: number;
  /** How many records of the topic were looked at. */
  readonly of: number;
  readonly lastPartition: number;
  /** Of the newest record that carries it, by timestamp. */
  readonly lastOffset: number;
  /** Epoch ms; a bigint where a number does not hold it, as with nanoseconds. */
  readonly lastTimestamp: number | bigint;
}

const idPrefix = 0x00;
const guidPrefix = 0x01;
const headerNames: Readonly<Record<Field, Buffer>> = {
  key: Buffer.from('__key_schema_id'),
  value: Buffer.from('__value_schema_id'),
};

/** What was counted so far. */
type Count = { -readonly [name in keyof Omit<SchemaUse, 'of'>]: SchemaUse[name] };

/** Counts records by topic, field and schema. */
export class SchemaTally {
  readonly #ids: ReadonlySet<number>;
  readonly #byGuid: ReadonlyMap<string, number>;
  /** By topic, field and id. */
  readonly #counts = new Map<string, Count>();
  readonly #looked = new Map<string, number>();

  constructor(schemas: readonly WantedSchema[]) {
    this.#ids = new Set(schemas.map(({ id }) => id));
    const withGuid = schemas.filter(({ guid }) => guid !== undefined);
    this.#byGuid = new Map(withGuid.map(({ id, guid }) => [guid!.replaceAll('-', '').toLowerCase(), id]));
  }

  add(record: RecordView): void {
    const { topic, bytes, keyStart, keyEnd, valueStart, valueEnd } = record;
    this.#looked.set(topic, (this.#looked.get(topic) ?? 0) + 1);
    const key = this.#headerId(record, 'key') ?? this.#idAt(bytes, keyStart, keyEnd);
    if (key !== undefined) this.#count(record, 'key', key);
    const value = this.#headerId(record, 'value') ?? this.#idAt(bytes, valueStart, valueEnd);
    if (value !== undefined) this.#count(record, 'value', value);
  }

  /** By topic, values first, then by id. */
  uses(): readonly SchemaUse[] {
    const uses = [...this.#counts.values()].map(({ topic, field, id, records, ...last }) => {
      return { topic, field, id, records, of: this.#looked.get(topic)!, ...last };
    });
    return uses.sort((a, b) => (a.topic === b.topic ? compareFields(a, b) : a.topic < b.topic ? -1 : 1));
  }

  #count(record: RecordView, field: Field, id: number): void {
    const { topic, partition, offset } = record;
    const timestamp = Number.isSafeInteger(record.timestamp) ? record.timestamp : record.exactTimestamp();
    const last = { lastPartition: partition, lastOffset: offset, lastTimestamp: timestamp };
    const name = `${topic} ${field} ${id}`;
    const count = this.#counts.get(name);
    if (!count) this.#counts.set(name, { topic, field, id, records: 1, ...last });
    else {
      count.records++;
      if (timestamp >= count.lastTimestamp) Object.assign(count, last);
    }
  }

  /** Confluent's wire format: 0 and the id in 4 bytes, or 1 and the GUID in 16. */
  #idAt(bytes: Buffer, start: number, end: number): number | undefined {
    if (start < 0 || end - start < 5) return undefined;
    const first = bytes[start];
    if (first === idPrefix) {
      const id = bytes.readUInt32BE(start + 1);
      return this.#ids.has(id) ? id : undefined;
    }
    if (first !== guidPrefix || this.#byGuid.size === 0 || end - start < 17) return undefined;
    return this.#byGuid.get(bytes.toString('hex', start + 1, start + 17));
  }

  /** The header with the id or GUID, as Confluent's serializers write it when they are told to; the last one counts. */
  #headerId(record: RecordView, field: Field): number | undefined {
    if (record.headerCount === 0) return undefined;
    const name = headerNames[field];
    let id: number | undefined;
    visitHeaders(record, (bytes, keyStart, keyEnd, valueStart, valueEnd) => {
      if (name.compare(bytes, keyStart, keyEnd) === 0) id = this.#idAt(bytes, valueStart, valueEnd);
    });
    return id;
  }
}

function compareFields(a: SchemaUse, b: SchemaUse): number {
  return a.field === b.field ? a.id - b.id : a.field === 'value' ? -1 : 1;
}

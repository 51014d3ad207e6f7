/** What expressions see of the records of a stream, in the formats asked for: keys as text and values as JSON where they are JSON, unless said otherwise. */
import type { FetchedRecords, RecordView } from '../../kafka/batch/record.ts';
import { makeSerde as jsonSerde } from '../serde/json.ts';
import { largestDecoded } from '../serde/largest-decoded.ts';
import { type FieldFormats, type FieldSerdes, StreamSerdes } from '../serde/stream-serdes.ts';
import { makeSerde as stringSerde } from '../serde/string.ts';
import { RecordFields } from './record-fields.ts';
import type { RecordScope } from './scope.ts';

/** Gives the scope of a record, which is valid until the next one is asked for. */
export type ScopeOf = (record: RecordView) => RecordScope;

export class StreamFields {
  readonly #serdes: StreamSerdes;
  readonly #mostBytes: number;
  /** One for each pair of serdes. */
  readonly #scopes = new Map<FieldSerdes, ScopeOf>();

  constructor(formats: FieldFormats) {
    this.#mostBytes = largestDecoded(formats.maxBatchBytes);
    this.#serdes = new StreamSerdes(formats, { key: stringSerde(), value: jsonSerde(), showsMeaning: true });
  }

  /** To be called, and waited for if it is not undefined, before `of` is called with a topic's records. */
  prepare({ topic }: Pick<FetchedRecords, 'topic'>): Promise<unknown> | undefined {
    const serdes = this.#serdes.of(topic);
    return serdes instanceof Promise ? serdes : undefined;
  }

  /** What reads the fields of this topic's records. */
  serdes(topic: string): FieldSerdes {
    const serdes = this.#serdes.of(topic);
    if (serdes instanceof Promise) throw new Error('prepare has to come first');
    return serdes;
  }

  /** What gives the scopes of this topic's records. */
  of(topic: string): ScopeOf {
    const serdes = this.serdes(topic);
    let scope = this.#scopes.get(serdes);
    if (!scope) {
      scope = scopeOf(serdes, this.#mostBytes);
      this.#scopes.set(serdes, scope);
    }
    return scope;
  }
}

function scopeOf(serdes: FieldSerdes, mostBytes: number): ScopeOf {
  const fields = new RecordFields(serdes, mostBytes);
  const { at } = serdes;
  return (record) => {
    at?.(record);
    fields.at(record);
    return fields;
  };
}

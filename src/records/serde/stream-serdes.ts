/** The serdes of one stream of records: topics of users share a pair, each kind of Kafka's own topics has one of its own. */
import type { RecordView } from '../../kafka/batch/record.ts';
import { coordinatorOf, coordinatorOfCopy } from '../../kafka/internals/topics.ts';
import type { Coordinator } from '../../kafka/wire/generated/internals.ts';
import { largestDecoded } from './largest-decoded.ts';
import type { Field, SchemaSerdes, Serde, SerdeContext } from './serde.ts';
import { type SerdeName, serdeTable } from './table.ts';

/** The formats asked for; undefined is the default. */
export interface FieldFormats {
  readonly keyFormat: SerdeName | undefined;
  readonly valueFormat: SerdeName | undefined;
  /** What reads fields with schemas; undefined where none are. */
  readonly schemas?: SchemaSerdes | undefined;
  /** What one batch may decompress to, in bytes (default 128 MiB): it also says how large a field may be that is decoded. */
  readonly maxBatchBytes?: number | undefined;
}

export interface FieldSerdes {
  readonly key: Serde;
  readonly value: Serde;
  /** To be called with each record before its fields are read; undefined if the serdes need no look at it. */
  readonly at: ((record: RecordView) => void) | undefined;
}

export interface SerdeDefaults {
  /** Of topics of users. */
  readonly key: Serde;
  readonly value: Serde;
  /** Whether Kafka's own topics, and data that names its schema, are decoded unless a format is given. */
  readonly showsMeaning: boolean;
}

export class StreamSerdes {
  readonly #formats: FieldFormats;
  readonly #defaults: SerdeDefaults;
  readonly #opened = new Map<Coordinator | undefined, FieldSerdes | Promise<FieldSerdes>>();

  constructor(formats: FieldFormats, defaults: SerdeDefaults) {
    this.#formats = formats;
    this.#defaults = defaults;
  }

  /** The serdes for this topic's records, the same object each time; a promise while their code is being loaded. */
  of(topic: string): FieldSerdes | Promise<FieldSerdes> {
    const coordinator = this.#coordinatorFor(topic);
    let opened = this.#opened.get(coordinator);
    if (opened === undefined) {
      opened = this.#open(coordinator);
      this.#opened.set(coordinator, opened);
      if (opened instanceof Promise) void opened.then((serdes) => this.#opened.set(coordinator, serdes)).catch(() => {});
    }
    return opened;
  }

  /** Whose records this topic holds; undefined where they are not decoded. */
  #coordinatorFor(topic: string): Coordinator | undefined {
    const { keyFormat, valueFormat } = this.#formats;
    if (keyFormat === 'internal' || valueFormat === 'internal') return coordinatorOfCopy(topic);
    const hasDefault = keyFormat === undefined || valueFormat === undefined;
    return hasDefault && this.#defaults.showsMeaning ? coordinatorOf(topic) : undefined;
  }

  #open(coordinator: Coordinator | undefined): FieldSerdes | Promise<FieldSerdes> {
    const { key, value, showsMeaning } = this.#defaults;
    const { keyFormat, valueFormat, schemas, maxBatchBytes } = this.#formats;
    const unsaid = coordinator && showsMeaning ? 'internal' : undefined;
    const keyName = keyFormat ?? unsaid ?? (showsMeaning && schemas?.serde('key') ? 'schema' : undefined);
    const valueName = valueFormat ?? unsaid ?? (showsMeaning && schemas?.serde('value') ? 'schema' : undefined);
    if (keyName === undefined && valueName === undefined) return together(key, value);
    const most = largestDecoded(maxBatchBytes);
    const load = async (name: SerdeName | undefined, field: Field, otherwise: Serde) =>
      name === undefined ? otherwise : upTo(most, await loadSerde(name, { field, coordinator, schemas }));
    return Promise.all([load(keyName, 'key', key), load(valueName, 'value', value)]).then(([loadedKey, loadedValue]) =>
      together(loadedKey, loadedValue),
    );
  }
}

/** Makes a serde, whose code is loaded if it was not used before. */
export async function loadSerde(name: SerdeName, context: SerdeContext): Promise<Serde> {
  return (await serdeTable[name].load()).makeSerde(context);
}

/** A serde to which larger fields are no value of its format. */
function upTo(mostBytes: number, serde: Serde): Serde {
  const { text, write } = serde;
  // What writes straight to the sink has a limit of its own.
  if (text === undefined || write) return serde;
  return { ...serde, text: (bytes, start, end) => (end - start > mostBytes ? undefined : text(bytes, start, end)) };
}

function together(key: Serde, value: Serde): FieldSerdes {
  return {
    key,
    value,
    at: both(key.at, value.at, (first, second) => (record) => {
      first(record);
      second(record);
    }),
  };
}

/** The two in one, or the one that there is. */
function both<F>(first: F | undefined, second: F | undefined, join: (first: F, second: F) => F): F | undefined {
  return first && second ? join(first, second) : (first ?? second);
}

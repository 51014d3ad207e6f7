/** Avro schemas: parsed, compiled, named by their fingerprints. */
import { ByteSink } from '../../base/bytes/byte-sink.ts';
import { parseExactJson } from '../../base/json/exact-json.ts';
import type { CompiledSchema, JsonStyle } from '../compiled-schema.ts';
import { bytesAre, Cursor } from './cursor.ts';
import { readingError } from './flaw.ts';
import { ReaderMaker } from './read-json.ts';
import { restReader } from './read-scalar.ts';
import { resolve } from './resolve.ts';
import { type AvroType, typeName } from './types.ts';
import { encoderOf } from './write.ts';

export { canonicalForm, fingerprint64 } from './canonical.ts';
export { parseAvro } from './parse.ts';
export type { AvroType } from './types.ts';

export interface CompileOptions {
  /** The schema to read the data as; without one, as it was written. */
  readonly reader?: AvroType | undefined;
  /** Whether bytes that are the schema's only type stand without their length, as Confluent's serializers write them. */
  readonly bareBytes?: boolean;
}

const cursor = new Cursor();
const smallest = 4096;
/** A larger scratch is not kept. */
const largestKept = 1 << 20;
let scratch = new ByteSink(smallest);

/**
 * @param schema that data has been, or is to be, written with
 * @throws KtError `usage` if the reader's schema can read nothing of it
 */
export function compileAvro(
  schema: AvroType,
  style: JsonStyle,
  { reader = schema, bareBytes = false }: CompileOptions = {},
): CompiledSchema {
  const isBare = bareBytes && schema.kind === 'bytes' && reader.kind === 'bytes';
  const read = isBare ? restReader(reader, style) : new ReaderMaker(style).reader(resolve(schema, reader));
  const writeJson = (bytes: Buffer, start: number, end: number, sink: ByteSink): void => {
    const begin = sink.length;
    cursor.open(bytes, start, end);
    try {
      read(cursor, sink);
      const left = end - cursor.at;
      if (left > 0) cursor.fail(`${bytesAre(left)} left over`);
    } catch (error) {
      sink.length = begin;
      throw readingError(error);
    }
  };
  return {
    type: typeName(reader),
    writeJson,
    decode(bytes, start, end) {
      scratch.length = 0;
      writeJson(bytes, start, end, scratch);
      const text = scratch.buf.toString('utf8', 0, scratch.length);
      if (scratch.buf.length > largestKept) scratch = new ByteSink(smallest);
      return parseExactJson(text);
    },
    ...encoderOf(schema, style, isBare),
  };
}

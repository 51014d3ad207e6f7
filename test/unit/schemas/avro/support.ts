/** What the tests of Avro share. */
import { ByteSink } from '../../../../src/base/bytes/byte-sink.ts';
import { type CompileOptions, compileAvro, parseAvro } from '../../../../src/schemas/avro/index.ts';
import type { CompiledSchema, JsonStyle } from '../../../../src/schemas/compiled-schema.ts';

export const styles = {
  plain: { rawLogical: false, avroJson: false },
  raw: { rawLogical: true, avroJson: false },
  java: { rawLogical: false, avroJson: true },
} as const satisfies Record<string, JsonStyle>;

/** @param schema as JSON's values or its text */
export function compiled(schema: unknown, style: JsonStyle = styles.plain, options: CompileOptions = {}): CompiledSchema {
  return compileAvro(parseAvro(typeof schema === 'string' ? schema : JSON.stringify(schema)), style, options);
}

/** The JSON of a datum that stands among other bytes. */
export function jsonOf(schema: CompiledSchema, datum: Buffer): string {
  const sink = new ByteSink(8);
  sink.ascii('before');
  schema.writeJson(Buffer.concat([Buffer.from('xx'), datum, Buffer.from('yy')]), 2, 2 + datum.length, sink);
  return sink.buf.toString('utf8', 'before'.length, sink.length);
}

/** From a record format to the function that appends one record. */

import type { Codec, RecordFormat, RecordView } from '../../kafka/batch/record.ts';
import { coordinatorOf, coordinatorOfCopy } from '../../kafka/internals/topics.ts';
import type { Coordinator } from '../../kafka/wire/generated/internals.ts';
import type { ByteSink } from './byte-sink.ts';
import { type FieldCodec, fieldCodec, plainText } from './codecs.ts';
import type { RecordOutput } from './index.ts';

/** Appends one record to the sink it was compiled for. */
export type AppendRecord = (record: RecordView) => void;

/** The functions of one stream: all topics of users share one, Kafka's own have one for each coordinator. */
export class CompiledFormats {
  readonly #format: RecordFormat;
  readonly #sink: ByteSink;
  readonly #out: RecordOutput;
  readonly #compiled = new Map<Coordinator | undefined, AppendRecord>();

  constructor(format: RecordFormat, sink: ByteSink, out: RecordOutput) {
    this.#format = format;
    this.#sink = sink;
    this.#out = out;
  }

  /**
   * What appends the records of this topic, compiled when first asked for; only the code of its style is loaded.
   * @throws KtError `usage` for a template that cannot be meant
   */
  async of(topic: string): Promise<AppendRecord> {
    const coordinator = coordinatorFor(this.#format, topic);
    let append = this.#compiled.get(coordinator);
    if (append === undefined) {
      append = await compile(this.#format, coordinator, this.#sink, this.#out);
      const { style, notes } = this.#format;
      if (notes) append = await (await import('./notes.ts')).withNotes(append, style, notes, this.#sink, this.#out.color);
      this.#compiled.set(coordinator, append);
    }
    return append;
  }
}

/** The styles that show what a field means; the others give what it is. */
function isView({ style }: RecordFormat): boolean {
  return style === 'json' || style === 'pretty';
}

/** Whose records are decoded; undefined when none are. */
function coordinatorFor(format: RecordFormat, topic: string): Coordinator | undefined {
  const { keyFormat, valueFormat } = format;
  if (keyFormat === 'internal' || valueFormat === 'internal') return coordinatorOfCopy(topic);
  return isView(format) && (keyFormat === undefined || valueFormat === undefined) ? coordinatorOf(topic) : undefined;
}

async function compile(
  format: RecordFormat,
  coordinator: Coordinator | undefined,
  sink: ByteSink,
  out: RecordOutput,
): Promise<AppendRecord> {
  const { keyFormat, valueFormat } = format;
  if (coordinator === undefined) {
    return compileStyle(format, codecOf(keyFormat, plainText), codecOf(valueFormat, plainText), sink, out);
  }
  const { key, value, at } = (await import('./internal.ts')).internalCodecs(coordinator);
  const [unsaidKey, unsaidValue] = isView(format) ? [key, value] : [plainText, plainText];
  const keyCodec = keyFormat === 'internal' ? key : codecOf(keyFormat, unsaidKey);
  const valueCodec = valueFormat === 'internal' ? value : codecOf(valueFormat, unsaidValue);
  const append = await compileStyle(format, keyCodec, valueCodec, sink, out);
  return (record) => {
    at(record);
    append(record);
  };
}

function codecOf(name: Codec | undefined, unsaid: FieldCodec): FieldCodec {
  return name === undefined ? unsaid : fieldCodec(name);
}

async function compileStyle(
  { style, template = '' }: RecordFormat,
  key: FieldCodec,
  value: FieldCodec,
  sink: ByteSink,
  out: RecordOutput,
): Promise<AppendRecord> {
  if (style === 'pretty') return (await import('./pretty.ts')).prettyFormat(key, value, sink, out);
  if (style === 'json') return (await import('./json.ts')).jsonFormat(key, value, sink, out.terminal);
  if (style === 'template') {
    const { compileTemplate, templateFormat } = await import('./template.ts');
    return templateFormat(compileTemplate(template), key, value, sink, out.terminal);
  }
  const { rawFormat, valueFormat } = await import('./value.ts');
  return style === 'raw' ? rawFormat(sink, out.terminal) : valueFormat(value, sink, out.terminal);
}

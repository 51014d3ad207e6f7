/** A record format → the function that appends one record. */

import type { ByteSink } from '../../base/bytes/byte-sink.ts';
import { type FieldSerdes, StreamSerdes } from '../../records/serde/stream-serdes.ts';
import { makeSerde as stringSerde } from '../../records/serde/string.ts';
import { type RecordFormat, showsMeaning } from '../../records/stream.ts';
import type { AppendRecord, RecordOutput } from './output.ts';

/** The functions of one stream, one for each pair of serdes. */
export class CompiledFormats {
  readonly #format: RecordFormat;
  readonly #sink: ByteSink;
  readonly #out: RecordOutput;
  readonly #serdes: StreamSerdes;
  readonly #compiled = new Map<FieldSerdes, AppendRecord>();

  constructor(format: RecordFormat, sink: ByteSink, out: RecordOutput) {
    this.#format = format;
    this.#sink = sink;
    this.#out = out;
    this.#serdes = new StreamSerdes(format, { key: stringSerde(), value: stringSerde(), showsMeaning: showsMeaning(format) });
  }

  /**
   * The function that appends this topic's records, compiled when first asked for; only the code of its style is loaded.
   * @throws KtError `usage` for a wrong template
   */
  async of(topic: string): Promise<AppendRecord> {
    const serdes = await this.#serdes.of(topic);
    return this.#compiled.get(serdes) ?? this.#compile(serdes);
  }

  async #compile(serdes: FieldSerdes): Promise<AppendRecord> {
    let append = await compileStyle(this.#format, serdes, this.#sink, this.#out);
    const { at } = serdes;
    if (at) {
      const plain = append;
      append = (record) => {
        at(record);
        plain(record);
      };
    }
    const { style, notes } = this.#format;
    if (notes) append = await (await import('./notes.ts')).withNotes(append, style, notes, this.#sink, this.#out.color);
    this.#compiled.set(serdes, append);
    return append;
  }
}

async function compileStyle(
  { style, template = '', columns = [] }: RecordFormat,
  { key, value }: FieldSerdes,
  sink: ByteSink,
  out: RecordOutput,
): Promise<AppendRecord> {
  if (style === 'pretty') return (await import('./pretty.ts')).prettyFormat(key, value, sink, out);
  if (style === 'json') return (await import('./json.ts')).jsonFormat(key, value, sink, out.terminal);
  if (style === 'line') return (await import('./line.ts')).lineFormat(key, value, sink, out);
  if (style === 'csv') return (await import('./csv.ts')).csvFormat(columns, { key, value }, sink, out.terminal);
  if (style === 'template') {
    const { compileTemplate, templateFormat } = await import('./template.ts');
    return templateFormat(compileTemplate(template), key, value, sink, out.terminal);
  }
  const { rawFormat, valueFormat } = await import('./value.ts');
  return style === 'raw' ? rawFormat(sink, out.terminal) : valueFormat(value, sink, out.terminal);
}

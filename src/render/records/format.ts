/** From a record format to the function that appends one record. */
import type { RecordFormat, RecordView } from '../../kafka/records/record.ts';
import type { ByteSink } from './byte-sink.ts';
import type { RecordOutput } from './index.ts';

/** Appends one record to the sink it was compiled for. */
export type AppendRecord = (record: RecordView) => void;

/**
 * Compiles a format, once per stream; only the code of its style is loaded.
 * @throws KtError `usage` for a template that cannot be meant
 */
export async function compileFormat(format: RecordFormat, sink: ByteSink, out: RecordOutput): Promise<AppendRecord> {
  const { style, keyFormat, valueFormat, template = '' } = format;
  if (style === 'pretty') return (await import('./pretty.ts')).prettyFormat(keyFormat, valueFormat, sink, out);
  if (style === 'json') return (await import('./json.ts')).jsonFormat(keyFormat, valueFormat, sink, out.terminal);
  if (style === 'template') {
    const { compileTemplate, templateFormat } = await import('./template.ts');
    return templateFormat(compileTemplate(template), keyFormat, valueFormat, sink, out.terminal);
  }
  const { rawFormat, valueFormat: lines } = await import('./value.ts');
  return style === 'raw' ? rawFormat(sink, out.terminal) : lines(valueFormat, sink, out.terminal);
}

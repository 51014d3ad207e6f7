/** Notes about records: lines before a record on a screen, further fields of its JSON line. */

import type { ByteSink } from '../../base/bytes/byte-sink.ts';
import type { RecordFormat, RecordNotes } from '../../records/stream.ts';
import { visible } from '../escape.ts';
import { compactJson } from '../json.ts';
import type { AppendRecord } from './output.ts';
import { recordPalette } from './palette.ts';

/** The end of every JSON line. */
const lineEnd = '}\n';

/** Only the styles that show what a record means print notes. */
export async function withNotes(
  append: AppendRecord,
  style: RecordFormat['style'],
  notes: RecordNotes,
  sink: ByteSink,
  color: boolean,
): Promise<AppendRecord> {
  if (style === 'pretty') {
    const { key, faint } = await recordPalette(color);
    return (record) => {
      for (const { text, strong } of notes.lines(record)) sink.utf8(`${(strong ? key : faint)(visible(text))}\n`);
      append(record);
    };
  }
  if (style !== 'json') return append;
  let last: ReturnType<RecordNotes['fields']> | undefined;
  let text = '';
  return (record) => {
    append(record);
    sink.length -= lineEnd.length;
    const fields = notes.fields(record);
    if (fields !== last) text = `,${compactJson(fields).slice(1)}\n`;
    last = fields;
    sink.utf8(text);
  };
}

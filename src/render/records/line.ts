/** Style `line`: one line for each record, cut to the width of the terminal: time, place, key, value, headers. */
import type { ByteSink } from '../../base/bytes/byte-sink.ts';
import { isUtf8 } from '../../base/bytes/utf8.ts';
import { shortened } from '../../base/shorten.ts';
import { visitHeaders } from '../../kafka/batch/record-headers.ts';
import type { Serde } from '../../records/serde/serde.ts';
import { makeSerde as stringSerde } from '../../records/serde/string.ts';
import type { AppendRecord, RecordOutput } from './output.ts';
import { Page, type Paint } from './page.ts';
import { recordPalette } from './palette.ts';
import { placeText, timeText } from './pretty.ts';

const narrowest = 20;
const shortestTopic = 16;
/** The most bytes of a character: a text cut at columns × this still fills the line. */
const longestCharacter = 4;
/** Line breaks outside of JSON's strings, where they only indent, and in other text. */
const lineBreaks = /\s*[\r\n]+\s*/g;

/** Compiles style `line`. In a pipe nothing is cut. */
export async function lineFormat(keySerde: Serde, valueSerde: Serde, sink: ByteSink, out: RecordOutput): Promise<AppendRecord> {
  const { position, key, faint, headerName } = await recordPalette(out.color);
  const plain = stringSerde();
  // The last column is for the sign that something is cut.
  const columns = out.terminal ? Math.max(out.columns, narrowest) - 1 : Infinity;
  const page = new Page(columns);
  const topicName = topicNames(Math.max(shortestTopic, Math.floor(columns / 4)));
  let isCut = false;
  const put = (text: string, paint?: Paint): void => {
    if (!isCut && page.put(text, paint) < text.length) isCut = true;
  };
  const putField = (serde: Serde, bytes: Buffer, start: number, end: number, paint?: Paint): void => {
    if (isCut) return;
    if (start < 0) put('null', faint);
    else if (start === end) put('""', faint);
    else {
      const most = start + columns * longestCharacter;
      if (serde.text === undefined && most < end) {
        put(oneLine(bytes.toString('utf8', start, most)), paint);
        isCut = true;
      } else put(fieldText(serde, bytes, start, end), paint);
    }
  };
  const appendHeader = (bytes: Buffer, keyStart: number, keyEnd: number, valueStart: number, valueEnd: number): boolean => {
    put('  ');
    putField(plain, bytes, keyStart, keyEnd, headerName);
    put('=', faint);
    putField(plain, bytes, valueStart, valueEnd);
    return !isCut;
  };
  return (record) => {
    isCut = false;
    page.allow(1, 0);
    put(timeText(record), faint);
    put(`  ${placeText(record, topicName(record.topic))}  `, position);
    putField(keySerde, record.bytes, record.keyStart, record.keyEnd, key);
    put('  ');
    putField(valueSerde, record.bytes, record.valueStart, record.valueEnd);
    if (record.headerCount > 0 && !isCut) visitHeaders(record, appendHeader);
    sink.utf8(`${page.take()}${isCut ? faint('…') : ''}\n`);
  };
}

/** Topics in at most so many characters: what a record says needs the room too. Those that differ look different, as far as they are known. */
function topicNames(most: number): (topic: string) => string {
  const known: string[] = [];
  let names: readonly string[] = [];
  return (topic) => {
    if (topic.length <= most) return topic;
    if (!known.includes(topic)) {
      known.push(topic);
      names = shortened(known, most);
    }
    return names[known.indexOf(topic)]!;
  };
}

function oneLine(text: string): string {
  return text.replace(lineBreaks, ' ');
}

/** What cannot be read as text is hex. */
function fieldText(serde: Serde, bytes: Buffer, start: number, end: number): string {
  const text = serde.text && !serde.isPlain?.(start, end) ? serde.text(bytes, start, end) : undefined;
  if (text !== undefined) return oneLine(text);
  const isText = (serde.text === undefined || serde.isElseText || serde.isPlain?.(start, end)) && isUtf8(bytes, start, end);
  return isText ? oneLine(bytes.toString('utf8', start, end)) : bytes.toString('hex', start, end);
}

/** The entries of a map as members of one JSON object. */
import { type ByteSink, Constant } from '../../../base/bytes/byte-sink.ts';
import type { Cursor } from '../wire/cursor.ts';
import { appendTree } from '../wire/tree.ts';
import { defaultTree, type FieldPlan } from './plan.ts';
import type { WriteField } from './write-message.ts';

const quote = 34;
const comma = 44;
const colon = 58;
const openBrace = 123;
const closeBrace = 125;
/** Positions in `keys`, two for each: with more of them a set finds a key that is there already. */
const fewPositions = 32;

export function mapWriter({ tag, message }: FieldPlan, writeKey: WriteField, writeValue: WriteField): WriteField {
  const [key, value] = message!.fields as [FieldPlan, FieldPlan];
  const isQuoted = key.field.type === 'string' || String(key.field.type).endsWith('64');
  const absentKey = new Constant(JSON.stringify(String(defaultTree(key.field, false))));

  /** Appends the key; returns the tag behind it, 0 at the entry's end. */
  function appendKey(cursor: Cursor, sink: ByteSink): number {
    const tag = cursor.at < cursor.end ? cursor.tag() : 0;
    if (tag !== key.tag) {
      sink.constant(absentKey);
      return tag;
    }
    if (!isQuoted) sink.byte(quote);
    writeKey(cursor, sink, tag);
    if (!isQuoted) sink.byte(quote);
    return cursor.at < cursor.end ? cursor.tag() : 0;
  }

  function appendValue(cursor: Cursor, sink: ByteSink, tag: number): boolean {
    if (tag === value.tag) return writeValue(cursor, sink, tag) && cursor.at === cursor.end;
    if (tag !== 0 || value.message) return false;
    appendTree(sink, defaultTree(value.field, true));
    return true;
  }

  return (cursor, sink) => {
    const open = sink.length;
    const { keys } = cursor;
    const first = keys.length;
    let many: Set<string> | undefined;
    do {
      const around = cursor.end;
      cursor.end = cursor.lengthEnd();
      sink.byte(comma);
      const start = sink.length;
      const next = appendKey(cursor, sink);
      if (keys.length - first === fewPositions) many ??= keySet(sink, keys, first);
      if (many ? !addTo(many, sink, start) : isAmong(sink, keys, first, start)) return false;
      if (!many) keys.push(start, sink.length);
      sink.byte(colon);
      if (!appendValue(cursor, sink, next)) return false;
      cursor.end = around;
    } while (cursor.takesTag(tag));
    keys.length = first;
    sink.buf[open] = openBrace;
    sink.byte(closeBrace);
    return true;
  };
}

/** Whether the key from `start` to the sink's end is one of those from `first`. */
function isAmong({ buf, length }: ByteSink, keys: readonly number[], first: number, start: number): boolean {
  for (let index = first; index < keys.length; index += 2) {
    const other = keys[index]!;
    if (keys[index + 1]! - other !== length - start) continue;
    let at = start;
    while (at < length && buf[at] === buf[at - start + other]) at++;
    if (at === length) return true;
  }
  return false;
}

function keySet({ buf }: ByteSink, keys: readonly number[], first: number): Set<string> {
  const set = new Set<string>();
  for (let index = first; index < keys.length; index += 2) set.add(buf.toString('latin1', keys[index]!, keys[index + 1]!));
  return set;
}

/** False if it is there already. */
function addTo(set: Set<string>, { buf, length }: ByteSink, start: number): boolean {
  const { size } = set;
  set.add(buf.toString('latin1', start, length));
  return set.size > size;
}

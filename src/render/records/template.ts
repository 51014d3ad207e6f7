/** Style `template`: kcat's format strings (`-f`), compiled once and applied to each record. */

import { type ByteSink, Constant } from '../../base/bytes/byte-sink.ts';
import { usageError } from '../../base/errors.ts';
import type { RecordView } from '../../kafka/batch/record.ts';
import { visitHeaders } from '../../kafka/batch/record-headers.ts';
import type { Serde } from '../../records/serde/serde.ts';
import { makeSerde as stringSerde } from '../../records/serde/string.ts';
import { visible, visibleLines } from '../escape.ts';
import { appendOffset, appendTimestamp } from './numbers.ts';
import type { AppendRecord } from './output.ts';
import { textField } from './text-field.ts';

const tokens = {
  t: 'topic',
  p: 'partition',
  o: 'offset',
  k: 'key',
  v: 'value',
  s: 'value',
  h: 'headers',
  T: 'timestamp in ms',
  K: "key's length",
  S: "value's length",
  R: "value's length as 4 bytes, big-endian",
} as const;
type Token = keyof typeof tokens;

/** A format string in pieces: text as it is, or the letter of a token. */
export type Template = readonly (Uint8Array | Token)[];

const hint = `tokens are ${Object.entries(tokens)
  .map(([token, meaning]) => `%${token} ${meaning}`)
  .join(', ')}, %% a percent sign; escapes are \\n \\r \\t \\\\ \\0 \\xNN`;

const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** A percent sign with its token, an escape (digits are octal after a 0, else decimal, as in strtoul), or text up to the next. */
const piece =
  /%(?<token>.?)|\\(?:x(?<hex>[\da-fA-F]{1,2})|(?<octal>0[0-7]{0,3})|(?<decimal>[1-9]\d{0,2})|(?<escaped>[^%]?))|[^%\\]+/gsu;

function literal(text: string, groups: Partial<Record<string, string>>): Uint8Array {
  const { hex, octal, decimal, escaped } = groups;
  if (hex !== undefined) return Uint8Array.of(Number.parseInt(hex, 16));
  if (octal !== undefined) return Uint8Array.of(Number.parseInt(octal, 8));
  if (decimal !== undefined) return Uint8Array.of(Number(decimal));
  if (escaped === '') return Buffer.from('\\');
  return Buffer.from(escaped === undefined ? text : (controls[escaped] ?? escaped));
}

/**
 * Reads a format string with kcat's tokens and escapes; an unknown escape stands for its character, as in kcat.
 * @throws KtError `usage` for an unknown token
 */
export function compileTemplate(text: string): Template {
  const template: (Uint8Array | Token)[] = [];
  for (const { 0: part, groups = {} } of text.matchAll(piece)) {
    const { token } = groups;
    if (token === undefined) template.push(literal(part, groups));
    else if (token === '%') template.push(Buffer.from('%'));
    else if (Object.hasOwn(tokens, token)) template.push(token as Token);
    else
      throw usageError(token === '' ? "'%' (a format cannot end with it)" : `%${token} (not a token of a record format)`, hint);
  }
  return template;
}

/** Compiles style `template`; a null key or value is empty, a null header value `NULL`, as kcat prints them. */
export function templateFormat(
  template: Template,
  keySerde: Serde,
  valueSerde: Serde,
  sink: ByteSink,
  terminal: boolean,
): AppendRecord {
  const appenders = tokenAppenders(keySerde, valueSerde, sink, terminal);
  const steps = template.map((part): AppendRecord => {
    if (typeof part === 'string') return appenders[part];
    const constant = new Constant(part);
    return () => sink.constant(constant);
  });
  return (record) => {
    for (let index = 0; index < steps.length; index++) steps[index]!(record);
  };
}

const nullHeader = new Constant('NULL');
const equals = 61;
const comma = 44;

function tokenAppenders(keySerde: Serde, valueSerde: Serde, sink: ByteSink, terminal: boolean): Record<Token, AppendRecord> {
  const key = textField(keySerde, sink, terminal ? visible : undefined);
  const value = textField(valueSerde, sink, terminal ? visibleLines : undefined);
  const header = textField(stringSerde(), sink, terminal ? visible : undefined);
  let topic: string | undefined;
  let topicText = nullHeader;
  let headers = 0;
  const appendHeader = (bytes: Buffer, keyStart: number, keyEnd: number, valueStart: number, valueEnd: number): void => {
    if (headers++ > 0) sink.byte(comma);
    header(bytes, keyStart, keyEnd);
    sink.byte(equals);
    if (valueStart < 0) sink.constant(nullHeader);
    else header(bytes, valueStart, valueEnd);
  };
  const appendValue: AppendRecord = (record) => value(record.bytes, record.valueStart, record.valueEnd);
  return {
    t(record) {
      if (record.topic !== topic) {
        topic = record.topic;
        topicText = new Constant(terminal ? visible(topic) : topic);
      }
      sink.constant(topicText);
    },
    p: (record) => sink.number(record.partition),
    o: (record) => appendOffset(sink, record),
    k: (record) => key(record.bytes, record.keyStart, record.keyEnd),
    v: appendValue,
    s: appendValue,
    h(record) {
      headers = 0;
      if (record.headerCount > 0) visitHeaders(record, appendHeader);
    },
    T: (record) => appendTimestamp(sink, record),
    K: (record) => sink.number(keyLength(record)),
    S: (record) => sink.number(valueLength(record)),
    R(record) {
      const length = valueLength(record);
      for (let shift = 24; shift >= 0; shift -= 8) sink.byte((length >> shift) & 255);
    },
  };
}

function keyLength(record: RecordView): number {
  return record.keyStart < 0 ? -1 : record.keyEnd - record.keyStart;
}

function valueLength(record: RecordView): number {
  return record.valueStart < 0 ? -1 : record.valueEnd - record.valueStart;
}

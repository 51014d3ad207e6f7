/**
 * A message of a schema, compiled: bytes to JSON and values, JSON to bytes.
 *
 * The JSON is canonical ProtoJSON with implicit defaults, as Java's JsonFormat prints it with includingDefaultValueFields. On purpose it differs so:
 * - Text: `<`, `>`, `&`, `'` and `=` are no escapes; 1.0 is 1, 1.0E21 is 1e+21; -0 is kept.
 * - An Any whose type the schema does not have is `{"@type": …, "value": "<base64>"}`, for Java an error.
 * - A Timestamp, Duration or FieldMask beyond what its text can say is shown by its fields, for Java an error.
 * - A Value that is nothing is null, and NaN in one is text, with `isLossy`.
 * - Strings have to be UTF-8 in proto2 too; a field in another form than declared is an error, not an unknown field.
 * - Explicit presence in editions shows no default, as `optional` in proto3; proto2's `optional` does, as in Java.
 * What is read has to be well-formed where it is shown: a string that a later one replaces may be no UTF-8.
 */
import { isUtf8 } from 'node:buffer';
import type { ByteSink } from '../../base/bytes/byte-sink.ts';
import type { CompiledSchema } from '../compiled-schema.ts';
import { SchemaDataError } from '../data-error.ts';
import { pathText } from '../path-text.ts';
import { encodeMessage } from './encode/encode-message.ts';
import { Encoding } from './encode/encoding.ts';
import { Output } from './encode/output.ts';
import { readJson } from './encode/read-json.ts';
import { Plan, planField } from './json/plan.ts';
import { readMessage } from './json/read-message.ts';
import { fieldWriter } from './json/write-field.ts';
import { type WriteField, writeMessage } from './json/write-message.ts';
import { stepsTo } from './locate.ts';
import type { Message } from './model.ts';
import { wellKnownForm } from './well-known/forms.ts';
import { Cursor } from './wire/cursor.ts';
import { WireFault } from './wire/fault.ts';
import { appendTree, plainValue } from './wire/tree.ts';

/** Bytes of JSON that a message may become: defaults make much of few bytes, without end when messages hold each other. */
const mostJson = 1 << 26;
const mostJsonPerByte = 16;

/** Plans and writers of the messages of one schema, made when they are first needed. */
export class Compiler {
  readonly #messages: ReadonlyMap<string, Message>;
  readonly #plans = new Map<Message, Plan>();
  readonly #writers = new Map<Plan, readonly WriteField[]>();

  constructor(messages: ReadonlyMap<string, Message>) {
    this.#messages = messages;
  }

  compile(message: Message): CompiledSchema {
    const plan = this.#planOf(message);
    return new CompiledPlan(plan, (inner) => this.#writersOf(inner));
  }

  #planOf = (message: Message): Plan => {
    const known = this.#plans.get(message);
    if (known) return known;
    const plan = new Plan(message);
    this.#plans.set(message, plan);
    plan.setFields(message.fields.map((field) => planField(field, this.#planOf)));
    plan.wellKnown = wellKnownForm(plan, this.#find);
    return plan;
  };

  #find = (fullName: string): Plan | undefined => {
    const message = this.#messages.get(fullName);
    return message && this.#planOf(message);
  };

  #writersOf(plan: Plan): readonly WriteField[] {
    const known = this.#writers.get(plan);
    if (known) return known;
    const writers = plan.fields.map((field) => fieldWriter(field, (inner) => this.#writersOf(inner)));
    this.#writers.set(plan, writers);
    return writers;
  }
}

class CompiledPlan implements CompiledSchema {
  readonly type: string;
  readonly #plan: Plan;
  readonly #writersOf: (plan: Plan) => readonly WriteField[];
  readonly #cursor = new Cursor();
  readonly #out = new Output();

  constructor(plan: Plan, writersOf: (plan: Plan) => readonly WriteField[]) {
    this.type = plan.message.fullName;
    this.#plan = plan;
    this.#writersOf = writersOf;
  }

  /** Fields or numbers of a closed enum that the schema does not know, a number wider than its field. */
  get isLossy(): boolean {
    return this.#cursor.isLossy;
  }

  writeJson(bytes: Buffer, start: number, end: number, sink: ByteSink): void {
    const cursor = this.#cursor;
    const begin = sink.length;
    if (this.#writesStraight(bytes, start, end, sink)) return;
    try {
      sink.length = begin;
      cursor.reset(bytes, start, end);
      appendTree(sink, readMessage(this.#plan, cursor, true));
    } catch (error) {
      sink.length = begin;
      throw this.#located(error, bytes, start, end);
    }
  }

  /** What is wrong is told by the reader that takes fields in any order: a value that a later one replaces does not count. */
  #writesStraight(bytes: Buffer, start: number, end: number, sink: ByteSink): boolean {
    const cursor = this.#cursor;
    try {
      cursor.reset(bytes, start, end);
      cursor.sinkLimit = sink.length + mostJson + mostJsonPerByte * (end - start);
      return !this.#plan.wellKnown && writeMessage(this.#plan, this.#writersOf(this.#plan), cursor, sink, 0);
    } catch (error) {
      if (error instanceof WireFault) return false;
      throw error;
    }
  }

  decode(bytes: Buffer, start: number, end: number): unknown {
    try {
      this.#cursor.reset(bytes, start, end);
      return plainValue(readMessage(this.#plan, this.#cursor, false));
    } catch (error) {
      throw this.#located(error, bytes, start, end);
    }
  }

  #located(error: unknown, bytes: Buffer, start: number, end: number): unknown {
    if (!(error instanceof WireFault)) return error;
    const path = pathText(stepsTo(this.#plan, bytes, start, end, error.at));
    return new SchemaDataError(error.message, path, Math.max(0, error.at - start));
  }

  encode(text: string): Buffer {
    return this.#encoded(text).take();
  }

  encodeTo(json: Buffer, start: number, end: number, sink: ByteSink): void {
    const text = json.subarray(start, end);
    if (!isUtf8(text)) throw new SchemaDataError('not UTF-8', '');
    this.#encoded(text.toString()).moveTo(sink);
  }

  #encoded(text: string): Output {
    const out = this.#out;
    out.length = 0;
    encodeMessage(this.#plan, readJson(text), new Encoding(out));
    return out;
  }
}

/** What becomes of keys and values that name a schema, or should fit one, and cannot be read: each is told, none is lost. */
import { KtError } from '../../base/errors.ts';
import type { RecordView } from '../../kafka/batch/record.ts';
import { SchemaDataError } from '../../schemas/data-error.ts';
import type { Problem } from './field-reader.ts';
import type { OnDecodeError } from './formats.ts';
import { type NamedSchema, nameOf } from './framing/named-schema.ts';
import type { SchemaOrigin } from './loaded-schema.ts';

/** Fields whose problem is printed by itself; the others are only counted. */
const mostPrinted = 10;

export class UnreadFields {
  readonly #onDecodeError: OnDecodeError;
  readonly #note: (text: string) => void;
  /** What was told once for all of its kind. */
  readonly #told = new Set<string>();
  /** The offset up to which a partition's fields were counted: filters and sinks may both come across one. */
  readonly #counted = new Map<string, number>();
  #damaged = 0;

  /** @param note prints a line for people */
  constructor(onDecodeError: OnDecodeError, note: (text: string) => void) {
    this.#onDecodeError = onDecodeError;
    this.#note = note;
  }

  /** @throws KtError `refused` where that is what was asked for */
  add(field: 'key' | 'value', record: RecordView, schema: NamedSchema | undefined, problem: Problem): void {
    const { topic, partition, offset } = record;
    const text = `${topic}:${partition} at offset ${offset}: ${unreadText(field, schema, problem)}`;
    // It may well be whole: only those who want to see it all the same go on.
    if (this.#onDecodeError !== 'raw' && 'mayPass' in problem && problem.mayPass)
      throw unavailable(text, 'try again when the registry answers; --on-decode-error raw shows such data as it is');
    if (this.#onDecodeError === 'fail') {
      throw new KtError('refused', `cannot read ${text}`, {
        code: 'UNREADABLE_RECORD',
        hint: '--on-decode-error raw shows such data as it is, skip leaves its records out',
      });
    }
    const fate = this.#onDecodeError === 'skip' ? 'left out' : 'shown as it is';
    if (!(problem instanceof SchemaDataError)) {
      const key = `${topic} ${field} ${schema?.kind} ${schema?.id}`;
      if (this.#told.size < mostPrinted && !this.#told.has(key)) {
        this.#told.add(key);
        this.#note(`${text}; such data is ${fate}`);
      }
      return;
    }
    const place = `${topic} ${partition} ${field}`;
    if (offset <= (this.#counted.get(place) ?? -1)) return;
    this.#counted.set(place, offset);
    if (++this.#damaged <= mostPrinted) this.#note(`${text}; it is ${fate}`);
  }

  /** Data that says more than its schema: shown without that, which is told once for each type in a topic. */
  addLossy(field: 'key' | 'value', { topic, partition, offset }: RecordView, { type, schemaId }: SchemaOrigin): void {
    const key = `${topic} ${field} ${type} ${schemaId}`;
    if (this.#told.size >= mostPrinted || this.#told.has(key)) return;
    this.#told.add(key);
    const schema = schemaId === null ? type : `${type} (schema ${schemaId})`;
    this.#note(
      `${topic}:${partition} at offset ${offset}: the ${field} has fields that ${schema} does not know; such fields are not shown`,
    );
  }

  /** What was not printed; undefined if all was. */
  get summary(): string | undefined {
    const more = this.#damaged - mostPrinted;
    if (more <= 0) return undefined;
    const fate = this.#onDecodeError === 'skip' ? 'left out' : 'shown as they are';
    return `${more} more keys and values do not fit their schemas and were ${fate}`;
  }
}

/** The error of a run that needs a schema which may be had later. @param text which field, and why */
export function unavailable(text: string, hint: string): KtError {
  return new KtError('connection', `cannot read ${text}`, { code: 'SCHEMA_UNAVAILABLE', hint });
}

/** `the value does not fit schema id 7 (items[2].price, byte 33: 4 bytes are missing)`. */
export function unreadText(field: 'key' | 'value', schema: NamedSchema | undefined, problem: Problem): string {
  const name = schema ? nameOf(schema) : 'its schema';
  if (!(problem instanceof SchemaDataError))
    return schema ? `the ${field} names ${name} (${problem.why})` : `the ${field} is not read (${problem.why})`;
  const { path, at, message } = problem;
  const place = [clipped(path), at !== undefined && `byte ${at}`].filter(Boolean).join(', ');
  return `the ${field} does not fit ${name} (${place === '' ? '' : `${place}: `}${message})`;
}

const longestPath = 200;

/** Both ends of the path of something that is deep down. */
function clipped(path: string): string {
  return path.length <= longestPath ? path : `${path.slice(0, longestPath / 2)}…${path.slice(-longestPath / 2)}`;
}

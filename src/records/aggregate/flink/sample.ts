/** What fields are in a topic's newest records: the types of columns are taken from them. */

import { SqlRefusal } from '../../expression/sql/fields.ts';
import type { SqlType } from '../../expression/sql/term.ts';

const utcTime = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
const [least64, most64] = [-(2n ** 63n), 2n ** 63n - 1n];

type Kind = 'nothing' | 'integer' | 'large integer' | 'fraction' | 'text' | 'boolean' | 'list' | 'object';

export class Sample {
  /** As an expression sees them. */
  readonly values: readonly unknown[];

  constructor(values: readonly unknown[]) {
    this.values = values;
  }

  /** How many values have no fields. */
  get withoutFields(): number {
    return this.values.filter((value) => kindOf(value) !== 'object').length;
  }

  /** The type of a field; undefined where no record has it. @throws SqlRefusal for what no column can hold */
  typeOf(path: readonly string[]): SqlType | undefined {
    const name = ['value', ...path].join('.');
    const kinds = this.#kindsOf(path);
    kinds.delete('nothing');
    const [first, second] = [...kinds].map((kind) => columnKinds[kind]).filter((kind, at, all) => all.indexOf(kind) === at);
    if (first === undefined) return undefined;
    if (second !== undefined) throw new SqlRefusal(`${name} is ${first} in some records and ${second} in others`);
    if (kinds.has('list')) throw new SqlRefusal(`${name} is a list`);
    if (kinds.has('object')) throw new SqlRefusal(`${name} is an object`, `name one of its fields: ${name}.NAME`);
    if (kinds.has('text')) return 'STRING';
    if (kinds.has('boolean')) return 'BOOLEAN';
    if (!kinds.has('large integer')) return 'DOUBLE';
    if (kinds.has('fraction')) throw new SqlRefusal(`${name} has integers beyond 2^53, and fractions`);
    return 'BIGINT';
  }

  hasFractions(path: readonly string[]): boolean {
    return this.#kindsOf(path).has('fraction');
  }

  /** Whether a field is `null`, rather than missing, in some records. */
  hasNulls(path: readonly string[]): boolean {
    return this.#found(path).includes(null);
  }

  /** Whether a field has fields itself, as far as records tell. */
  isObject(path: readonly string[]): boolean {
    return this.#kindsOf(path).has('object');
  }

  isUtcTime(path: readonly string[]): boolean {
    return this.#found(path).every((value) => typeof value !== 'string' || utcTime.test(value));
  }

  #kindsOf(path: readonly string[]): Set<Kind> {
    return new Set(this.#found(path).map(kindOf));
  }

  #found(path: readonly string[]): readonly unknown[] {
    return this.values.map((value) =>
      path.reduce<unknown>(
        (of, name) => (kindOf(of) === 'object' && Object.hasOwn(of as object, name) ? (of as never)[name] : undefined),
        value,
      ),
    );
  }
}

/** Kinds that one column cannot hold together are told apart. */
const columnKinds: Readonly<Record<Kind, string>> = {
  nothing: 'nothing',
  integer: 'a number',
  'large integer': 'a number',
  fraction: 'a number',
  text: 'a text',
  boolean: 'true or false',
  list: 'a list',
  object: 'an object',
};

function kindOf(value: unknown): Kind {
  switch (typeof value) {
    case 'number':
      return Number.isSafeInteger(value) ? 'integer' : 'fraction';
    case 'bigint':
      return value >= least64 && value <= most64 ? 'large integer' : 'fraction';
    case 'string':
      return 'text';
    case 'boolean':
      return 'boolean';
    case 'object':
      return value === null ? 'nothing' : Array.isArray(value) ? 'list' : 'object';
    default:
      return 'nothing';
  }
}

/** The columns of a topic's records in Flink: the fields that expressions name, and the record's own. */
import { type SqlFields, SqlRefusal } from '../../expression/sql/fields.ts';
import { literalTerm, sqlName, sqlText } from '../../expression/sql/literal.ts';
import type { SqlType, Term } from '../../expression/sql/term.ts';
import type { Sample } from './sample.ts';
import { epochMs } from './time.ts';

/** What has shown itself while the expressions were translated, and counts when that is done once more. */
export class Findings {
  /** Names of columns that are fields of values. */
  readonly names = new Set<string>();
  /** Fields that have to be integers, by their paths as JSON. */
  readonly integers = new Set<string>();

  get size(): number {
    return this.names.size + this.integers.size;
  }
}

/** A column that is a field of the value, or has fields itself. */
type Fields = Map<string, SqlType | Fields>;

export class Columns implements SqlFields {
  readonly notes = new Set<string>();
  readonly #topic: string;
  readonly #sample: Sample;
  readonly #findings: Findings;
  readonly #fields: Fields = new Map();
  /** Of the record itself, with what declares them. */
  readonly #own = new Map<string, string>();
  #hasKey = false;

  constructor(topic: string, sample: Sample, findings: Findings) {
    this.#topic = topic;
    this.#sample = sample;
    this.#findings = findings;
  }

  field(path: readonly string[], wanted: SqlType): Term {
    const [root, ...rest] = path;
    if (root === 'value') return this.#valueField(rest, wanted);
    if (root === 'headers') return this.#header(rest);
    if (rest.length > 0) throw new SqlRefusal(`a field of the ${root}`, `${root} alone can be said`);
    switch (root) {
      case 'key':
        this.#hasKey = true;
        return { sql: sqlName(this.unique('record_key')), type: 'STRING', nullMeans: 'undefined' };
      case 'topic':
        return literalTerm(this.#topic);
      case 'timestamp':
        return { sql: epochMs(this.recordTime()), type: 'BIGINT' };
      default:
        return { sql: this.#metadata(`record_${root}`, 'BIGINT', root!), type: 'BIGINT' };
    }
  }

  isOpen([root, ...rest]: readonly string[]): boolean {
    return root === 'value' && rest.length > 0 && this.#sample.typeOf(rest) === undefined;
  }

  integer(path: readonly string[]): Term {
    const [, ...rest] = path;
    if (this.#sample.hasFractions(rest)) {
      throw new SqlRefusal(
        `${path.join('.')} has fractions, which Flink writes otherwise as text`,
        'Math.round(x) is an integer only in kt',
      );
    }
    this.#findings.integers.add(JSON.stringify(rest));
    return this.#valueField(rest, 'BIGINT');
  }

  isUtcTime([root, ...rest]: readonly string[]): boolean {
    if (root !== 'value' || !this.#sample.isUtcTime(rest)) return false;
    this.note(`texts such as value.${rest.join('.')} are times only in ISO 8601 and UTC: 2026-11-27T09:21:13.148Z`);
    return true;
  }

  note(text: string): void {
    this.notes.add(text);
  }

  /** The column with the record's timestamp. */
  recordTime(): string {
    return this.#metadata('record_time', 'TIMESTAMP_LTZ(3)', 'timestamp');
  }

  /** A name that no column of the value has. */
  unique(name: string): string {
    return this.#findings.names.has(name) ? this.unique(`${name}_`) : name;
  }

  /** Whether records are read for their values' fields: then only those with an object count. */
  get hasFields(): boolean {
    return this.#fields.size > 0;
  }

  /** What declares the columns, and what says how they are read. */
  definition(): { readonly columns: readonly string[]; readonly options: readonly (readonly [string, string])[] } {
    const values = [...this.#fields].map(([name, type]) => `${sqlName(name)} ${typeSql(type)}`);
    const key = this.#hasKey ? [this.unique('record_key')] : [];
    const whole = values.length === 0 ? [`${sqlName(this.unique('record_value'))} BYTES`] : [];
    return {
      columns: [
        ...key.map((name) => `${sqlName(name)} STRING`),
        ...values,
        ...whole,
        ...[...this.#own].map(([name, declared]) => `${sqlName(name)} ${declared}`),
      ],
      options: [
        ...key.flatMap((name) => [['key.format', 'raw'] as const, ['key.fields', name] as const]),
        ['value.format', values.length > 0 ? 'json' : 'raw'],
        ...(values.length > 0 ? [['value.json.ignore-parse-errors', 'true'] as const] : []),
        ...(key.length > 0 ? [['value.fields-include', 'EXCEPT_KEY'] as const] : []),
      ],
    };
  }

  #metadata(name: string, type: string, from: string): string {
    const unique = this.unique(name);
    this.#own.set(unique, `${type} METADATA FROM ${sqlText(from)} VIRTUAL`);
    return sqlName(unique);
  }

  #header([name, ...more]: readonly string[]): Term {
    if (name === undefined || more.length > 0) throw new SqlRefusal('headers other than by a name', 'for example headers.type');
    const headers = this.#metadata('record_headers', 'MAP<STRING, BYTES>', 'headers');
    return { sql: `CAST(${headers}[${sqlText(name)}] AS STRING)`, type: 'STRING', nullMeans: 'undefined' };
  }

  #valueField(path: readonly string[], wanted: SqlType): Term {
    if (path.length === 0) throw new SqlRefusal('the value as a whole', 'Flink reads its fields into columns: value.NAME');
    this.#checkParents(path);
    const known = this.#sample.typeOf(path);
    const isInteger = this.#findings.integers.has(JSON.stringify(path));
    const type = isInteger && known !== 'BOOLEAN' && known !== 'STRING' ? 'BIGINT' : (known ?? wanted);
    this.#declare(path, type);
    const name = ['value', ...path].join('.');
    if (isInteger) this.note(`${name} is read as an integer: fractions would be cut off`);
    if (known !== 'STRING' && this.#sample.hasNulls(path))
      this.note(`${name} is null in some records, and counts as missing in them`);
    return { sql: path.map(sqlName).join('.'), type, nullMeans: 'undefined', path: ['value', ...path] };
  }

  #checkParents(path: readonly string[]): void {
    const { values, withoutFields } = this.#sample;
    if (values.length > 0 && withoutFields === values.length) {
      throw new SqlRefusal(`none of the newest ${values.length} records has a JSON object as its value`);
    }
    const parent = path.slice(0, -1);
    if (path.at(-1) !== 'length' || parent.length === 0 || this.#sample.isObject(parent)) return;
    throw new SqlRefusal('a length', 'Flink counts characters otherwise');
  }

  #declare(path: readonly string[], type: SqlType): void {
    this.#findings.names.add(path[0]!);
    let fields = this.#fields;
    for (const name of path.slice(0, -1)) {
      const inner = fields.get(name) ?? new Map();
      if (typeof inner === 'string') throw new SqlRefusal(`${name} as a value and as an object`);
      fields.set(name, inner);
      fields = inner;
    }
    const name = path.at(-1)!;
    const before = fields.get(name);
    const isInteger = this.#findings.integers.has(JSON.stringify(path));
    if (before !== undefined && before !== type && !isInteger) {
      throw new SqlRefusal(`value.${path.join('.')} as two types`, 'no record says which it has');
    }
    fields.set(name, type);
  }
}

function typeSql(type: SqlType | Fields): string {
  if (typeof type === 'string') return type;
  return `ROW<${[...type].map(([name, inner]) => `${sqlName(name)} ${typeSql(inner)}`).join(', ')}>`;
}

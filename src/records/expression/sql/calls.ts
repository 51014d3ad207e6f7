/** The functions and methods that Flink SQL has as well, by their names in expressions. */
import { type SqlFields, SqlRefusal } from './fields.ts';
import { doubleSql, sqlText, typedSql } from './literal.ts';
import { checkNumber, kindOf } from './operators.ts';
import { comparison, computed, nullOf, type SqlType, type Term, truthOf } from './term.ts';
import { concatenation, insertedText, textOf } from './text.ts';

export interface SqlCall {
  /** What its arguments are, where nothing else tells. */
  readonly takes: SqlType;
  /** @throws SqlRefusal */
  readonly make: (args: readonly Term[], fields: SqlFields) => Term;
}

/** ISO 8601 in UTC, as `time()` reads it. */
const utcTime = String.raw`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[T ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?Z\z`;

/** Epoch ms of a number or text. @throws SqlRefusal */
export function timeOf(value: Term, fields: SqlFields): Term {
  const { type, sql, path, mayBeInfinite } = value;
  if (type === 'BOOLEAN' || type === undefined) throw new SqlRefusal(`time() of ${kindOf(value)}`);
  if (mayBeInfinite) throw new SqlRefusal('time() of a division by what may be 0');
  if (type !== 'STRING') return { ...value, ...nullOf(value) };
  if (!path || !fields.isUtcTime(path)) {
    throw new SqlRefusal('time() of texts that are not all ISO 8601 in UTC', 'such as 2026-11-27T09:21:13.148Z');
  }
  const seconds = `UNIX_TIMESTAMP(REPLACE(SUBSTRING(${sql}, 1, 19), 'T', ' '))`;
  const ms = `CAST(RPAD(COALESCE(REGEXP_EXTRACT(${sql}, '\\.(\\d{1,3})', 1), ''), 3, '0') AS BIGINT)`;
  return {
    sql: `CASE WHEN REGEXP(${sql}, ${sqlText(utcTime)}) THEN ${seconds} * 1000 + ${ms} END`,
    type: 'BIGINT',
    nullMeans: 'undefined',
  };
}

/** ISO 8601; to be run with the session's time zone UTC. */
function date(value: Term, fields: SqlFields): Term {
  const at = `TO_TIMESTAMP_LTZ(CAST(${timeOf(value, fields).sql} AS BIGINT), 3)`;
  return { sql: `DATE_FORMAT(${at}, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''')`, type: 'STRING', nullMeans: 'undefined' };
}

/** A function of one text. */
function onText(name: string): SqlCall {
  return {
    takes: 'STRING',
    make([value], fields) {
      const text = textOf(value!, fields);
      return { sql: `${name}(${text.sql})`, type: 'STRING', ...nullOf(text) };
    },
  };
}

/** A function of one number that leaves integers as they are. */
function rounding(sqlOf: (sql: string) => string): SqlCall {
  return {
    takes: 'DOUBLE',
    make([value], _fields) {
      checkNumber(value!, 'rounding');
      return value!.type === 'BIGINT' ? computed(value!.sql, 'BIGINT', value!) : computed(sqlOf(value!.sql), 'DOUBLE', value!);
    },
  };
}

/** Half a unit is rounded up. */
const rounded = rounding((sql) => `(FLOOR(${sql}) + CASE WHEN ${sql} - FLOOR(${sql}) >= 0.5E0 THEN 1E0 ELSE 0E0 END)`);

function onNumber(name: string): SqlCall {
  return {
    takes: 'DOUBLE',
    make([value]) {
      checkNumber(value!, name);
      return computed(`${name}(${typedSql(value!)})`, name === 'SQRT' ? 'DOUBLE' : value!.type!, value!);
    },
  };
}

/** The largest or smallest of several numbers. */
function extreme(name: 'GREATEST' | 'LEAST'): SqlCall {
  return {
    takes: 'DOUBLE',
    make(args) {
      if (args.length === 0) throw new SqlRefusal(`${name} of nothing`);
      for (const each of args) {
        checkNumber(each, name);
        if (each.mayBeInfinite) throw new SqlRefusal(`${name} of a division by what may be 0`);
      }
      const type = args.every((each) => each.type === 'BIGINT') ? 'BIGINT' : 'DOUBLE';
      const list = args.map(type === 'DOUBLE' ? doubleSql : typedSql);
      return computed(`${name}(${list.join(', ')})`, type, ...args);
    },
  };
}

export const sqlFunctions: Readonly<Record<string, SqlCall>> = {
  time: { takes: 'STRING', make: ([value], fields) => timeOf(value!, fields) },
  'Date.parse': { takes: 'STRING', make: ([value], fields) => timeOf(value!, fields) },
  date: { takes: 'STRING', make: ([value], fields) => date(value!, fields) },
  lower: onText('LOWER'),
  upper: onText('UPPER'),
  hash: onText('SHA256'),
  String: { takes: 'STRING', make: ([value], fields) => ({ sql: insertedText(value!, fields), type: 'STRING' }) },
  Boolean: { takes: 'BOOLEAN', make: ([value]) => ({ ...comparison(truthOf(value!), value!), condition: truthOf(value!) }) },
  Number: {
    takes: 'DOUBLE',
    make([value]) {
      checkNumber(value!, 'Number()');
      return computed(typedSql(value!), value!.type!, value!);
    },
  },
  round: {
    takes: 'DOUBLE',
    make(args, fields) {
      if (args.length > 1 && args[1]!.literal !== 0) {
        throw new SqlRefusal('round() with digits rounds negative numbers otherwise', 'Math.round(x * 100) / 100 can be said');
      }
      return rounded.make(args, fields);
    },
  },
  'Math.abs': onNumber('ABS'),
  'Math.sign': onNumber('SIGN'),
  'Math.sqrt': onNumber('SQRT'),
  'Math.ceil': rounding((sql) => `CEIL(${sql})`),
  'Math.floor': rounding((sql) => `FLOOR(${sql})`),
  'Math.round': rounded,
  'Math.trunc': rounding((sql) => `CASE WHEN ${sql} < 0 THEN CEIL(${sql}) ELSE FLOOR(${sql}) END`),
  'Math.max': extreme('GREATEST'),
  'Math.min': extreme('LEAST'),
};

/** What JavaScript trims, for a class of Java's regular expressions. */
const blanks = String.raw`[\t\n\x0B\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+`;

function trimmed(pattern: string): SqlCall {
  return text(([of]) => `REGEXP_REPLACE(${of!.sql}, ${sqlText(pattern)}, '')`);
}

/** A method that makes a text of a text. */
function text(sqlOf: (args: readonly Term[], fields: SqlFields) => string): SqlCall {
  return { takes: 'STRING', make: (args, fields) => ({ sql: sqlOf(args, fields), type: 'STRING', ...nullOf(args[0]!) }) };
}

/** A method that tells whether a text has another one. */
function test(sqlOf: (of: string, what: string) => string): SqlCall {
  return {
    takes: 'STRING',
    make([of, what, ...more], fields) {
      if (what === undefined || more.length > 0) throw new SqlRefusal('anything but one text to look for');
      if (what.literal === '') throw new SqlRefusal('an empty text to look for');
      const sql = `(${sqlOf(of!.sql, insertedText(what, fields))})`;
      return { sql, condition: sql, type: 'BOOLEAN', ...nullOf(of!) };
    },
  };
}

/** From one place in a text to another. */
const part = text(([of, from = undefined, to = undefined], fields) => {
  const [start, end] = [placeOf(from) ?? 0, placeOf(to)];
  fields.note('characters beyond U+FFFF, such as emoji, count as one where texts are cut, not as two');
  return `SUBSTRING(${of!.sql}, ${start + 1}${end === undefined ? '' : `, ${Math.max(end - start, 0)}`})`;
});

function placeOf(term: Term | undefined): number | undefined {
  if (term === undefined) return undefined;
  if (typeof term.literal === 'number' && Number.isInteger(term.literal) && term.literal >= 0) return term.literal;
  throw new SqlRefusal('a place in a text that is not a whole number from 0 on, written out');
}

/** Methods of texts: the first argument is the text. */
export const sqlMethods: Readonly<Record<string, SqlCall>> = {
  toLowerCase: text(([of]) => `LOWER(${of!.sql})`),
  toUpperCase: text(([of]) => `UPPER(${of!.sql})`),
  trim: trimmed(`^${blanks}|${blanks}\\z`),
  trimStart: trimmed(`^${blanks}`),
  trimEnd: trimmed(`${blanks}\\z`),
  startsWith: test((of, what) => `STARTSWITH(${of}, ${what})`),
  endsWith: test((of, what) => `ENDSWITH(${of}, ${what})`),
  includes: test((of, what) => `POSITION(${what} IN ${of}) > 0`),
  slice: part,
  substring: {
    takes: 'STRING',
    make([of, ...places], fields) {
      const [start = 0, end] = places.map(placeOf);
      if (end !== undefined && end < start) throw new SqlRefusal('a substring that ends before it begins');
      return part.make([of!, ...places], fields);
    },
  },
  concat: {
    takes: 'STRING',
    make(args, fields) {
      if (args[0]!.nullMeans) throw new SqlRefusal('concat() of a field that may be missing', '+ joins texts as well');
      return concatenation(args, fields);
    },
  },
  replaceAll: text(([of, what, by], fields) => {
    if (typeof what?.literal !== 'string' || what.literal === '' || by === undefined)
      throw new SqlRefusal('replaceAll() of anything but a text that is written out');
    if (typeof by.literal !== 'string' || by.literal.includes('$'))
      throw new SqlRefusal('replaceAll() by anything but a text that is written out, without $');
    return `REPLACE(${of!.sql}, ${what.sql}, ${insertedText(by, fields)})`;
  }),
};

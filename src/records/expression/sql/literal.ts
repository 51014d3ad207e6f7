/** Names, texts and numbers as Flink SQL writes them. */
import type { Term } from './term.ts';

const mostInteger = 2n ** 63n - 1n;

/** `null` and `undefined`. */
export const nothing: Term = { sql: 'NULL', type: undefined, literal: null };

/** A name in backticks. */
export function sqlName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** A text in quotes. Line breaks and other control characters, which end statements in some clients, are written by their numbers. */
export function sqlText(text: string): string {
  const quoted = text.replaceAll("'", "''");
  if (!/[\0-\x1f\x7f]/.test(text)) return `'${quoted}'`;
  const escaped = quoted
    .replaceAll('\\', '\\\\')
    .replace(/[\0-\x1f\x7f]/g, (character) => `\\${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `U&'${escaped}'`;
}

/** What is written out in an expression. */
export function literalTerm(literal: string | number | bigint | boolean): Term {
  switch (typeof literal) {
    case 'string':
      return { sql: sqlText(literal), type: 'STRING', literal };
    case 'boolean':
      return { sql: literal ? 'TRUE' : 'FALSE', type: 'BOOLEAN', literal };
    default:
      return isInteger(literal)
        ? { sql: String(literal), type: 'BIGINT', literal }
        : { sql: double(Number(literal)), type: 'DOUBLE', literal };
  }
}

/** The same as SQL of its type: a short integer would otherwise be an INT, which overflows. */
export function typedSql({ sql, type, literal }: Term): string {
  return type === 'BIGINT' && literal !== undefined ? `CAST(${sql} AS BIGINT)` : sql;
}

/** A number as a DOUBLE. */
export function doubleSql({ sql, type, literal }: Term): string {
  if (type !== 'BIGINT') return sql;
  return literal === undefined ? `CAST(${sql} AS DOUBLE)` : double(Number(literal));
}

function isInteger(value: number | bigint): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0);
  return value >= -mostInteger && value <= mostInteger;
}

/** With an exponent it is a DOUBLE; without one it would be a DECIMAL. */
function double(value: number): string {
  const text = String(value).toUpperCase();
  return text.includes('E') ? text : `${text}E0`;
}

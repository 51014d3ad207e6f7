/** JavaScript's operators and other syntax: what stands for each in the compiled code, and what is refused with which advice. */
import type { Expression, Super } from 'acorn';
import { normal } from './operators.ts';

/** Names that values inherit in JavaScript: as fields they are looked up among a value's own. */
export const inherited = new Set(
  [Object, Array, String, Number, Boolean, BigInt, Function].flatMap(({ prototype }) => Object.getOwnPropertyNames(prototype)),
);

/** Operators that JavaScript itself does right between numbers, BigInts and texts. */
const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

const binaries: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'remainder',
  '**': 'power',
  '&': 'bitAnd',
  '|': 'bitOr',
  '^': 'bitXor',
  '<<': 'shiftLeft',
  '>>': 'shiftRight',
  '>>>': 'shiftUnsigned',
};

export const unaries: Readonly<Record<string, string>> = { '-': 'negate', '+': 'toNumber', '~': 'bitNot', typeof: 'typeName' };

/** What is not allowed, by the kind of syntax, with what to write instead. */
export const refusals: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  AssignmentExpression: ['an assignment', '== and === compare: value.id === 1'],
  UpdateExpression: ['an assignment', 'an expression changes nothing: value.count + 1'],
  NewExpression: ["'new'", 'time(text) reads a time, /…/ is a regular expression'],
  ThisExpression: ["'this'", 'an expression belongs to no object: name a field, such as value.id'],
  FunctionExpression: ['a function', 'an arrow function is enough: value.items.some(item => item.price > 100)'],
  ClassExpression: ['a class', 'an expression gives a value'],
  AwaitExpression: ["'await'", 'an expression waits for nothing'],
  ImportExpression: ["'import'", 'an expression reaches nothing but the record'],
  MetaProperty: ["'import.meta'", 'an expression reaches nothing but the record'],
  SequenceExpression: ['a comma', '&& joins two conditions'],
  TaggedTemplateExpression: ['a tagged template', 'leave out the name before the backtick'],
};

/** A number's code: an integer that a number would round is a BigInt. */
export function numberCode(value: number, raw: string): string {
  const digits = raw.replaceAll('_', '');
  if (Number.isSafeInteger(value) || !/^(\d+|0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+)$/.test(digits)) return String(value);
  const exact = normal(BigInt(digits));
  return typeof exact === 'bigint' ? `(${exact}n)` : String(exact);
}

/** `Math.max` of a chain of names; undefined for anything else. */
export function dotted(node: Expression | Super): string | undefined {
  if (node.type === 'Identifier') return node.name;
  if (
    node.type !== 'MemberExpression' ||
    node.computed ||
    node.property.type !== 'Identifier' ||
    node.object.type !== 'Identifier'
  )
    return undefined;
  return `${node.object.name}.${node.property.name}`;
}

/** The code of a binary operator between two operands; undefined for one that is not allowed. */
export function binaryCode(operator: string, left: string, right: string): string | undefined {
  const named = binaries[operator];
  if (named) return `${named}(${left}, ${right})`;
  if (operator === '===') return `same(${left}, ${right})`;
  if (operator === '!==') return `(!same(${left}, ${right}))`;
  if (operator === 'in') return `has(${right}, ${left})`;
  return comparisons.has(operator) ? `(${left} ${operator} ${right})` : undefined;
}

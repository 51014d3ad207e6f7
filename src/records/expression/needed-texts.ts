/** Which texts a value has to have among its fields for an expression to hold: a search for them tells cheaply of many records that it does not. */
import type { BinaryExpression, Expression } from 'acorn';
import { isReadAlone } from '../../base/json/json-paths.ts';
import { namesBehindValue } from './value-paths.ts';

/** A text that a field of the value is compared with. */
export interface NeededText {
  readonly text: string;
  /** Whether values with a field `toString` are looked into too: comparing an object with that can fail. */
  readonly isLoose: boolean;
}

const alwaysRead: ReadonlySet<string> = new Set(['topic', 'partition', 'offset', 'timestamp']);
/** Of a value that is text, such a name is that of a character. */
const character = /^\d+$/;

/**
 * The texts of which at least one stands in quotes in a value's JSON wherever the expression holds, or fails, unless JSON writes it with an
 * escape; for a loose one, or unless the value has a field `toString`. Undefined if nothing is known.
 */
export function neededTexts(node: Expression): readonly NeededText[] | undefined {
  switch (node.type) {
    case 'ParenthesizedExpression':
      return neededTexts(node.expression);
    case 'LogicalExpression': {
      const left = neededTexts(node.left);
      if (node.operator === '&&') {
        // Without the text what stands behind it is not reached, so it cannot fail either; what stands before it is.
        if (left || !isComparison(node.left)) return left;
        return neededTexts(node.right)?.map(({ text }) => ({ text, isLoose: true }));
      }
      const right = node.operator === '||' ? neededTexts(node.right) : undefined;
      return left && right && [...left, ...right];
    }
    case 'BinaryExpression': {
      const compared = comparedText(node);
      return compared && [compared];
    }
    default:
      return undefined;
  }
}

/** Whether an expression only compares what always can be compared, unless an object has a `toString` of its own. */
function isComparison(node: Expression): boolean {
  if (node.type === 'ParenthesizedExpression') return isComparison(node.expression);
  if (node.type === 'LogicalExpression') return isComparison(node.left) && isComparison(node.right);
  if (node.type !== 'BinaryExpression' || node.left.type === 'PrivateIdentifier') return false;
  return /^(?:[<>]=?|[=!]==?)$/.test(node.operator) && isComparable(node.left) && isComparable(node.right);
}

/** Whether it is a text, a number, or what can be read of every record. */
function isComparable(node: Expression): boolean {
  if (node.type === 'ChainExpression') return isComparable(node.expression);
  if (node.type === 'Literal') return typeof node.value === 'number' || typeof node.value === 'string';
  return node.type === 'Identifier' ? alwaysRead.has(node.name) : namesBehindValue(node) !== undefined;
}

function comparedText({ operator, left, right }: BinaryExpression): NeededText | undefined {
  const isLoose = operator === '==';
  if ((operator !== '===' && !isLoose) || left.type === 'PrivateIdentifier') return undefined;
  const [field, literal] = left.type === 'Literal' ? [right, left] : [left, right];
  const names = namesBehindValue(field.type === 'ChainExpression' ? field.expression : field);
  const text = literal.type === 'Literal' ? literal.value : undefined;
  if (!names || names.some((name) => character.test(name)) || typeof text !== 'string') return undefined;
  return standsAsItIs(text) && (!isLoose || equalsNothingElse(text)) ? { text, isLoose } : undefined;
}

/** Whether JSON writes a text as it is, if it does not escape what need not be. */
function standsAsItIs(text: string): boolean {
  return isReadAlone(text) && JSON.stringify(text) === `"${text}"`;
}

/** Whether `==` takes nothing for this text but itself, and lists of it alone. */
function equalsNothingElse(text: string): boolean {
  return Number.isNaN(Number(text)) && !/,|^(?:true|false|\[object Object\])$/.test(text);
}

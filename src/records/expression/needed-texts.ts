/** Which texts a value has to have among its fields for an expression to hold: a search for them tells cheaply of many records that it does not. */
import type { BinaryExpression, Expression } from 'acorn';
import { isReadAlone } from '../../base/json/json-paths.ts';
import { namesBehindValue } from './value-paths.ts';

/** A text that a field of the value is compared with. */
export interface NeededText {
  readonly text: string;
  /** Whether by `==`, which takes lists of it too. */
  readonly isLoose: boolean;
}

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
      // What stands behind && is not reached, so it cannot fail either.
      if (left === undefined || node.operator === '&&') return left;
      const right = node.operator === '||' ? neededTexts(node.right) : undefined;
      return right && [...left, ...right];
    }
    case 'BinaryExpression': {
      const compared = comparedText(node);
      return compared && [compared];
    }
    default:
      return undefined;
  }
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

/** Calls methods by name on whatever value has them. */
import { ExpressionFailure } from './failure.ts';
import { methods } from './methods.ts';
import { isPattern } from './pattern.ts';

type Dispatch = (of: unknown, a?: unknown, b?: unknown) => unknown;

/**
 * What calls each method on whatever has it. Of nothing (`null`, a missing field) there is nothing: `undefined`.
 * Each throws ExpressionFailure where the value has no such method.
 */
export const calls: Readonly<Record<string, Dispatch>> = Object.fromEntries(
  Object.entries(methods).map(([name, { text, list, number, pattern }]): [string, Dispatch] => [
    name,
    (of, a, b) => {
      if (of === null || of === undefined) return undefined;
      if (typeof of === 'string') {
        if (text) return text(of, a, b);
      } else if (typeof of === 'number' || typeof of === 'bigint') {
        if (number) return number(of, a, b);
      } else if (Array.isArray(of)) {
        if (list) return list(of, a, b);
      } else if (pattern && isPattern(of)) return pattern(of, a, b);
      throw new ExpressionFailure(`${kindOf(of)} has no ${name}()`);
    },
  ]),
);

function kindOf(value: unknown): string {
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'boolean') return 'true or false';
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'an object';
  return 'a number';
}

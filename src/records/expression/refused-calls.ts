/** Calls that an expression cannot make, each refused with what was probably meant. */
import type { KtError } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import { functions } from './functions.ts';
import { methods } from './methods.ts';
import type { ExpressionSource } from './source.ts';

const functionsHint = `functions are ${Object.keys(functions).slice(0, 9).join(', ')} and Math's`;

/** What is too much would be ignored without a word. @param at where the call stands @throws KtError `usage` */
export function checkCount(
  source: ExpressionSource,
  at: number,
  name: string,
  count: number,
  least: number,
  most: number,
): void {
  if (count >= least && count <= most) return;
  const takes = least === most ? String(least) : least === 0 ? `at most ${most}` : `${least} to ${most}`;
  throw source.error(at, `${name} takes ${takes} argument${takes === '1' ? '' : 's'}, not ${count}`);
}

export function noMethod(source: ExpressionSource, at: number, name: string): KtError {
  return source.error(at, `there is no ${name}() to call`, hintFor(name, methods));
}

export function noFunction(source: ExpressionSource, at: number, name: string): KtError {
  return source.error(at, `${name} is not a function`, hintFor(name, functions));
}

function hintFor(name: string, known: Readonly<Record<string, unknown>>): string {
  const near = nearest(name, Object.keys(known));
  return near ? `did you mean ${near}?` : functionsHint;
}

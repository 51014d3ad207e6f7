/** What writing one message from JSON needs: where the bytes go, and where in the JSON it is. */
import { SchemaDataError } from '../../data-error.ts';
import { pathText } from '../../path-text.ts';
import type { Tree } from '../wire/tree.ts';
import type { Output } from './output.ts';

const longestShown = 60;

export class Encoding {
  readonly out: Output;
  /** Names and indexes from the outermost message to here. */
  readonly path: (string | number)[] = [];
  /** Messages around this place. */
  depth = 0;

  constructor(out: Output) {
    this.out = out;
  }

  fail(problem: string): never {
    throw new SchemaDataError(problem, pathText(this.path));
  }

  /** Fails because the value is none of `wanted`: `a number from 0 to 9`. */
  refuse(value: Tree, wanted: string): never {
    return this.fail(`${shown(value)} is not ${wanted}`);
  }
}

/** A value as an error names it: the text itself, cut off where it is long. */
function shown(value: Tree): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

/** A regular expression as instructions that need no going back: what can be tried at a place, in the order in which JavaScript tries it. */
import type { AST } from '@eslint-community/regexpp';
import {
  characterTest,
  type Flags,
  flagsWithin,
  groupsWithin,
  inOrder,
  mayBeEmpty,
  mayBeText,
  type OneCharacter,
  type Syntax,
} from './syntax.ts';

/** Operations, each with up to two numbers. */
export const op = {
  /** One character of set `a`. */
  character: 0,
  /** Goes on at `a`, and if that fails at `b`. */
  split: 1,
  jump: 2,
  /** Nothing before, or with a set `a` one of its characters. */
  start: 3,
  /** The same of what comes. */
  end: 4,
  /** A character of set `a` on one side only. */
  boundary: 5,
  /** The same on both sides or on none. */
  noBoundary: 6,
  /** Lookaround `a` holds here; with `b` 1 it does not. */
  look: 7,
  /** Puts the place into register `a`. */
  save: 8,
  /** Empties the registers from `a` up to `b`. */
  clear: 9,
  /** A round of a repetition begins: bit `a` of what has moved is 0 until a character is read. */
  enter: 10,
  /** Goes on only if something was read since then: JavaScript wants no round that matches nothing. */
  moved: 11,
  match: 12,
} as const;

/** What one lookaround looks for, from its place on or back. */
interface Look {
  readonly start: number;
  readonly isBehind: boolean;
}

export interface Program {
  readonly ops: readonly number[];
  readonly a: readonly number[];
  readonly b: readonly number[];
  /** What the sets contain: each tells of a text of one character. */
  readonly sets: readonly RegExp[];
  /** Those inside of others come first. */
  readonly looks: readonly Look[];
  /** Whether a group stands in a lookaround, so that not all groups are found. */
  readonly looksKeepGroups: boolean;
  readonly isUnicode: boolean;
  /** Two registers for each, where it begins and ends; the whole match is group 0. */
  readonly groups: number;
  /** How deep rounds that may match nothing stand in each other. */
  readonly depth: number;
}

const mostInstructions = 5_000;
/** Each doubles the number of contexts that a character can have. */
const mostLooks = 6;

/** Why a regular expression has no program, or its program no answer. */
export class NoProgram extends Error {}

/** @throws NoProgram for what cannot be matched without going back, and for what is too large */
export function compileRegex(syntax: Syntax): Program {
  return new Compiler(syntax).compile();
}

class Compiler {
  readonly #syntax: Syntax;
  readonly #ops: number[] = [];
  readonly #a: number[] = [];
  readonly #b: number[] = [];
  readonly #sets = new Map<string, { readonly index: number; readonly test: RegExp }>();
  readonly #looks: Look[] = [];
  readonly #lookOf = new Map<AST.LookaroundAssertion, number>();
  #looksKeepGroups = false;
  #depth = 0;
  #mostDepth = 0;

  constructor(syntax: Syntax) {
    this.#syntax = syntax;
  }

  compile(): Program {
    const { alternatives, flags, groups } = this.#syntax;
    this.#put(op.save, 0);
    this.#alternatives(alternatives, flags, false);
    this.#put(op.save, 1);
    this.#put(op.match);
    return {
      ops: this.#ops,
      a: this.#a,
      b: this.#b,
      sets: [...this.#sets.values()].map(({ test }) => test),
      looks: this.#looks,
      looksKeepGroups: this.#looksKeepGroups,
      isUnicode: flags.unicode !== '',
      groups: groups.size + 1,
      depth: this.#mostDepth,
    };
  }

  #put(operation: number, a = 0, b = 0): number {
    if (this.#ops.length >= mostInstructions) throw new NoProgram('it is too large');
    this.#a.push(a);
    this.#b.push(b);
    return this.#ops.push(operation) - 1;
  }

  get #next(): number {
    return this.#ops.length;
  }

  #alternatives(alternatives: readonly AST.Alternative[], flags: Flags, backwards: boolean): void {
    const jumps: number[] = [];
    for (const [at, { elements }] of alternatives.entries()) {
      const isLast = at === alternatives.length - 1;
      const split = isLast ? -1 : this.#put(op.split, this.#next + 1);
      for (const element of inOrder(elements, backwards)) this.#element(element, flags, backwards);
      if (isLast) break;
      jumps.push(this.#put(op.jump));
      this.#b[split] = this.#next;
    }
    for (const jump of jumps) this.#a[jump] = this.#next;
  }

  #element(node: AST.Element, flags: Flags, backwards: boolean): void {
    switch (node.type) {
      case 'Group':
        this.#alternatives(node.alternatives, flagsWithin(node, flags), backwards);
        return;
      case 'CapturingGroup': {
        const first = 2 * this.#syntax.groups.get(node)!;
        this.#put(op.save, backwards ? first + 1 : first);
        this.#alternatives(node.alternatives, flags, backwards);
        this.#put(op.save, backwards ? first : first + 1);
        return;
      }
      case 'Quantifier':
        this.#quantifier(node, flags, backwards);
        return;
      case 'Assertion':
        this.#assertion(node, flags);
        return;
      case 'Backreference':
        throw new NoProgram(`${node.raw} refers to a group`);
      default:
        if (mayBeText(node)) throw new NoProgram(`${node.raw} matches more than one character`);
        this.#put(op.character, this.#set(node.type === 'Character' ? `u${node.value}` : node.raw, flags, node));
    }
  }

  #set(name: string, flags: Flags, node: OneCharacter | RegExp): number {
    const { ignoreCase, dotAll } = flags;
    const key = `${ignoreCase}${dotAll}${name}`;
    let set = this.#sets.get(key);
    if (!set) {
      set = { index: this.#sets.size, test: node instanceof RegExp ? node : characterTest(node, flags) };
      this.#sets.set(key, set);
    }
    return set.index;
  }

  #assertion(node: AST.Assertion, flags: Flags): void {
    switch (node.kind) {
      case 'lookahead':
      case 'lookbehind': {
        const look = this.#lookOf.get(node) ?? this.#look(node, flags);
        this.#put(op.look, look, node.negate ? 1 : 0);
        return;
      }
      case 'word': {
        const { ignoreCase, unicode } = flags;
        const word = new RegExp('^\\w$', `${ignoreCase ? 'i' : ''}${unicode}`);
        this.#put(node.negate ? op.noBoundary : op.boundary, this.#set('\\w', flags, word));
        return;
      }
      default:
        this.#put(op[node.kind], flags.multiline ? this.#set('line end', flags, /^[\n\r\u2028\u2029]$/) : -1);
    }
  }

  /** Writes what a lookaround looks for; returns its number. */
  #look(node: AST.LookaroundAssertion, flags: Flags): number {
    const over = this.#put(op.jump);
    const start = this.#next;
    const isBehind = node.kind === 'lookbehind';
    // It is matched from its far end to the place where it stands, by one pass over the text for all places.
    this.#alternatives(node.alternatives, flags, !isBehind);
    this.#put(op.match);
    this.#a[over] = this.#next;
    if (this.#looks.length >= mostLooks) throw new NoProgram('it has too many lookarounds');
    if (groupsWithin(node, this.#syntax.groups).length > 0) this.#looksKeepGroups = true;
    const look = this.#looks.push({ start, isBehind }) - 1;
    this.#lookOf.set(node, look);
    return look;
  }

  #quantifier({ element, min, max, greedy }: AST.Quantifier, flags: Flags, backwards: boolean): void {
    const groups = groupsWithin(element, this.#syntax.groups);
    const round = (): void => {
      if (groups.length > 0) this.#put(op.clear, 2 * groups[0]!, 2 * groups.at(-1)! + 2);
      this.#element(element, flags, backwards);
    };
    const choice = (): number => this.#put(op.split, this.#next + 1, this.#next + 1);
    const leave = (split: number): void => {
      (greedy ? this.#b : this.#a)[split] = this.#next;
    };
    for (let count = 0; count < min; count++) round();
    const endless = max === Number.POSITIVE_INFINITY;
    const splits: number[] = [];
    for (let count = min; count < (endless ? min + 1 : max); count++) {
      const split = choice();
      splits.push(split);
      this.#optionalRound(mayBeEmpty(element), round);
      if (endless) this.#put(op.jump, split);
    }
    for (const split of splits) leave(split);
  }

  #optionalRound(needsMove: boolean, round: () => void): void {
    if (!needsMove) {
      round();
      return;
    }
    const depth = this.#depth++;
    this.#mostDepth = Math.max(this.#mostDepth, this.#depth);
    this.#put(op.enter, depth);
    round();
    this.#put(op.moved, depth);
    this.#depth--;
  }
}

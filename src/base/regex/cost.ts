/**
 * How long a text may be for a regular expression to be safe with the runtime's own engine, which tries one way after the other: an upper
 * bound of its steps, from the shape of the expression.
 */
import type { AST } from '@eslint-community/regexpp';
import { anyCharacter, type Characters, charactersOf, firstOf } from './first.ts';
import { type Flags, flagsWithin, inOrder, mayBeText, type Syntax } from './syntax.ts';

/** Steps of at most some 10 ns. JavaScriptCore gives up, and finds nothing, after 100 million of what it counts. */
const mostSteps = 20_000_000;
/** For each character. */
const quickSteps = 1_000;
/** What repeats a group takes memory for each round: beyond some million JavaScriptCore finds nothing. */
const mostForGroups = 50_000;
/** How many strings one character class with `v` may match at a place: no known one has more. */
const textsOfClass = 16;

interface Cost {
  /** How often what follows is tried beyond its first character. */
  readonly ways: number;
  readonly steps: number;
}

/** What comes after a part. */
interface Follow {
  readonly first: Characters;
  /** Nothing comes, so nothing can fail: no second way is tried. */
  readonly isEnd: boolean;
}

const end: Follow = { first: anyCharacter, isEnd: true };

/** Lengths of texts in UTF-16 units. */
export interface Limits {
  /** The engine is quick with texts up to this one, whatever they are: a megabyte of them takes a second at most. */
  readonly quick: number;
  /** It takes at most `mostSteps` for one text up to this one; most take far less. */
  readonly safe: number;
}

export function limitsOf(syntax: Syntax): Limits {
  const longest = (allowed: (length: number) => number): number =>
    longestWhere((length) => new Bound(syntax, length).steps <= allowed(length));
  return {
    quick: longest((length) => Math.min(quickSteps * (length + 1), mostSteps)),
    safe: longest(() => mostSteps),
  };
}

/** The greatest length that is allowed, or nearly; all below one that is are allowed too. */
function longestWhere(isAllowed: (length: number) => boolean): number {
  let good = 0;
  let bad = 2 ** 30;
  while (bad - good > 1 + (good >> 6)) {
    const middle = Math.floor(good > 0 ? (good + bad) / 2 : Math.sqrt(bad));
    if (isAllowed(middle)) good = middle;
    else bad = middle;
    if (bad <= 2) break;
  }
  return good;
}

/** The bound for texts of one length. */
class Bound {
  readonly steps: number;
  readonly #length: number;
  /** How much it takes to see that what follows does not begin at a place. */
  #heads = 1;

  constructor({ alternatives, flags }: Syntax, length: number) {
    this.#length = length;
    this.#heads = alternatives.length + alternatives.reduce((sum, { raw }) => sum + raw.split('|').length - 1, 0);
    const { steps } = this.#alternatives(alternatives, flags, false, end);
    const startsAnywhere = flags.multiline || !alternatives.every(({ elements }) => isStart(elements[0]));
    this.steps = steps * (startsAnywhere ? length + 1 : 1);
  }

  #alternatives(alternatives: readonly AST.Alternative[], flags: Flags, backwards: boolean, follow: Follow): Cost {
    let steps = 1;
    let ways = 0;
    let most = 0;
    let seen = 0n;
    let mayBoth = false;
    for (const { elements } of alternatives) {
      const ordered = inOrder(elements, backwards);
      const first = firstOf(ordered, 0, flags, backwards, follow.first);
      if ((seen & first) !== 0n) mayBoth = true;
      seen |= first;
      const cost = this.#sequence(ordered, flags, backwards, follow);
      steps += cost.steps;
      ways += cost.ways;
      most = Math.max(most, cost.ways);
    }
    return { ways: follow.isEnd ? 1 : mayBoth ? ways : most, steps };
  }

  #sequence(elements: readonly AST.Element[], flags: Flags, backwards: boolean, follow: Follow): Cost {
    let ways = 1;
    let steps = 1;
    for (const [at, element] of elements.entries()) {
      const isLast = at === elements.length - 1;
      const first = firstOf(elements, at + 1, flags, backwards, follow.first);
      const cost = this.#element(element, flags, backwards, { first, isEnd: isLast && follow.isEnd });
      steps += ways * cost.steps;
      ways *= cost.ways;
    }
    return { ways, steps };
  }

  #element(node: AST.Element, flags: Flags, backwards: boolean, follow: Follow): Cost {
    switch (node.type) {
      case 'Group':
        return this.#alternatives(node.alternatives, flagsWithin(node, flags), backwards, follow);
      case 'CapturingGroup':
        return this.#alternatives(node.alternatives, flags, backwards, follow);
      case 'Quantifier':
        return this.#quantifier(node, flags, backwards, follow);
      case 'Assertion':
        if (node.kind !== 'lookahead' && node.kind !== 'lookbehind') return { ways: 1, steps: 1 };
        return { ways: 1, steps: this.#alternatives(node.alternatives, flags, node.kind === 'lookbehind', end).steps };
      case 'Backreference':
        return { ways: 1, steps: this.#length + 1 };
      default: {
        const texts = mayBeText(node) ? textsOfClass : 1;
        return { ways: texts, steps: texts };
      }
    }
  }

  #quantifier({ element, min, max }: AST.Quantifier, flags: Flags, backwards: boolean, follow: Follow): Cost {
    const rounds = Math.min(max, this.#length + min);
    const choices = Math.max(1, rounds - min + 1);
    if (isOneCharacter(element)) {
      const isOnlyWay = follow.isEnd || (charactersOf(element, flags) & follow.first) === 0n;
      return { ways: isOnlyWay ? 1 : choices, steps: rounds + choices * this.#heads };
    }
    const first = firstOf([element], 0, flags, backwards, anyCharacter);
    const body = this.#element(element, flags, backwards, { first: first | follow.first, isEnd: false });
    if (rounds > mostForGroups) return { ways: Number.POSITIVE_INFINITY, steps: Number.POSITIVE_INFINITY };
    if (body.ways <= 1) {
      const isOnlyWay = (first & follow.first) === 0n;
      return { ways: isOnlyWay ? 1 : choices, steps: (rounds + 1) * body.steps + choices * this.#heads };
    }
    // Each way of a round goes on with each way of the next.
    let ways = 0;
    for (let round = min; round <= rounds && ways < mostSteps; round++) ways += body.ways ** round;
    return { ways, steps: ways * body.ways * body.steps };
  }
}

function isOneCharacter(node: AST.QuantifiableElement): node is AST.Character | AST.CharacterSet | AST.CharacterClass {
  const { type } = node;
  if (type !== 'Character' && type !== 'CharacterSet' && type !== 'CharacterClass' && type !== 'ExpressionCharacterClass')
    return false;
  return !mayBeText(node);
}

function isStart(node: AST.Element | undefined): boolean {
  return node?.type === 'Assertion' && node.kind === 'start';
}

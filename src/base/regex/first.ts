/** Which characters a part of a regular expression can begin with: a bit for each ASCII character and one for all others. */
import type { AST } from '@eslint-community/regexpp';
import { characterTest, type Flags, flagsWithin, inOrder, type OneCharacter } from './syntax.ts';

export type Characters = bigint;

const others = 1n << 128n;
export const anyCharacter: Characters = (1n << 129n) - 1n;

/** What was found, since it is asked for again and again. */
const known = new WeakMap<OneCharacter, Characters>();

/** May say more than is true, never less. */
export function charactersOf(node: OneCharacter, flags: Flags): Characters {
  let found = known.get(node);
  if (found === undefined) {
    found = findCharacters(node, flags);
    known.set(node, found);
  }
  return found;
}

function findCharacters(node: OneCharacter, flags: Flags): Characters {
  const test = characterTest(node, flags);
  let found = hasOnlyAscii(node, flags) ? 0n : others;
  for (let code = 0; code < 128; code++) if (test.test(String.fromCharCode(code))) found |= 1n << BigInt(code);
  return found;
}

function hasOnlyAscii(node: OneCharacter | AST.CharacterClassElement, flags: Flags): boolean {
  // With `u`, a few letters beyond ASCII are the same as `k` and `s`.
  if (flags.ignoreCase && flags.unicode !== '') return false;
  if (node.type === 'Character') return node.value < 128;
  if (node.type === 'CharacterClassRange') return node.max.value < 128;
  if (node.type === 'CharacterSet') return (node.kind === 'digit' || node.kind === 'word') && !node.negate;
  return node.type === 'CharacterClass' && !node.negate && node.elements.every((each) => hasOnlyAscii(each, flags));
}

/** What a sequence begins with, and what follows it where it may match nothing. */
export function firstOf(
  elements: readonly AST.Element[],
  from: number,
  flags: Flags,
  backwards: boolean,
  after: Characters,
): Characters {
  let first = after;
  for (let at = elements.length - 1; at >= from; at--) first = firstOfElement(elements[at]!, flags, backwards, first);
  return first;
}

function firstOfElement(node: AST.Element, flags: Flags, backwards: boolean, after: Characters): Characters {
  switch (node.type) {
    case 'Character':
    case 'CharacterSet':
    case 'CharacterClass':
    case 'ExpressionCharacterClass':
      return charactersOf(node, flags);
    case 'Group':
    case 'CapturingGroup': {
      const within = node.type === 'Group' ? flagsWithin(node, flags) : flags;
      let first = 0n;
      for (const { elements } of node.alternatives) first |= firstOf(inOrder(elements, backwards), 0, within, backwards, after);
      return first;
    }
    case 'Quantifier': {
      const first = firstOfElement(node.element, flags, backwards, after);
      return node.min === 0 ? first | after : first;
    }
    case 'Assertion':
      // The edges and \b cost nothing; what stands in a lookaround does.
      return node.kind === 'lookahead' || node.kind === 'lookbehind' ? anyCharacter : after;
    case 'Backreference':
      return anyCharacter;
  }
}

/** Regular expressions as trees: parsed once, and walked in the direction in which they are matched. */
import { type AST, RegExpParser } from '@eslint-community/regexpp';

export type Flags = { readonly [name in 'ignoreCase' | 'multiline' | 'dotAll']: boolean } & {
  /** `u`, `v` or nothing: what a character is. */
  readonly unicode: string;
};

/** Matches exactly one character, if it matches. */
export type OneCharacter = AST.Character | AST.CharacterSet | AST.CharacterClass | AST.ExpressionCharacterClass;

export interface Syntax {
  readonly alternatives: readonly AST.Alternative[];
  readonly flags: Flags;
  /** The number of each group, from 1, in the order in which they open. */
  readonly groups: ReadonlyMap<AST.CapturingGroup, number>;
  readonly hasReferences: boolean;
}

/** @throws SyntaxError for what is not a regular expression */
export function parseRegex(source: string, flags: string): Syntax {
  const unicode = flags.includes('v') ? 'v' : flags.includes('u') ? 'u' : '';
  const mode = { unicode: unicode === 'u', unicodeSets: unicode === 'v' };
  const { alternatives } = new RegExpParser().parsePattern(source, 0, source.length, mode);
  const groups = new Map<AST.CapturingGroup, number>();
  let hasReferences = false;
  const look = (node: AST.Element): void => {
    if (node.type === 'CapturingGroup') groups.set(node, groups.size + 1);
    if (node.type === 'Backreference') hasReferences = true;
    if (node.type === 'Quantifier') look(node.element);
    if ('alternatives' in node) for (const { elements } of node.alternatives) elements.forEach(look);
  };
  for (const { elements } of alternatives) elements.forEach(look);
  return {
    alternatives,
    flags: {
      ignoreCase: flags.includes('i'),
      multiline: flags.includes('m'),
      dotAll: flags.includes('s'),
      unicode,
    },
    groups,
    hasReferences,
  };
}

/** The flags inside of a group, which may change them: `(?i:…)`. */
export function flagsWithin({ modifiers }: AST.Group, flags: Flags): Flags {
  if (!modifiers) return flags;
  const { add, remove } = modifiers;
  const of = (name: 'ignoreCase' | 'multiline' | 'dotAll'): boolean => (flags[name] || add[name]) && !remove?.[name];
  return { ...flags, ignoreCase: of('ignoreCase'), multiline: of('multiline'), dotAll: of('dotAll') };
}

/** The elements in the order in which they are matched: from right to left in a lookbehind. */
export function inOrder(elements: readonly AST.Element[], backwards: boolean): readonly AST.Element[] {
  return backwards ? elements.toReversed() : elements;
}

/** A character as it stands for itself wherever it is put. */
function escaped(value: number, unicode: string): string {
  const hex = value.toString(16);
  return unicode === '' ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}

/** What tells whether a text is one character that an element matches: the runtime's own engine, so that no table of ours can differ. */
export function characterTest(node: OneCharacter, { ignoreCase, dotAll, unicode }: Flags): RegExp {
  const source = node.type === 'Character' ? escaped(node.value, unicode) : node.raw;
  return new RegExp(`^(?:${source})$`, `${ignoreCase ? 'i' : ''}${dotAll ? 's' : ''}${unicode}`);
}

/** Whether it may match several characters at once, as flags made of two letters: only with `v`. */
export function mayBeText(node: OneCharacter): boolean {
  switch (node.type) {
    case 'CharacterSet':
      return node.kind === 'property' && node.strings;
    case 'CharacterClass':
      return node.elements.some(
        (each) => each.type === 'ClassStringDisjunction' || (each.type !== 'CharacterClassRange' && mayBeText(each)),
      );
    case 'ExpressionCharacterClass':
      return /\\q|\\p/.test(node.raw);
    default:
      return false;
  }
}

/** Whether an element can match nothing. */
export function mayBeEmpty(node: AST.Element): boolean {
  if (node.type === 'Quantifier') return node.min === 0 || mayBeEmpty(node.element);
  if (node.type === 'Group' || node.type === 'CapturingGroup')
    return node.alternatives.some(({ elements }) => elements.every(mayBeEmpty));
  return node.type === 'Assertion';
}

/** The numbers of the groups in an element, in ascending order. */
export function groupsWithin(node: AST.Element, groups: Syntax['groups']): number[] {
  const own = node.type === 'CapturingGroup' ? [groups.get(node)!] : [];
  const inner =
    'alternatives' in node
      ? node.alternatives.flatMap(({ elements }) => elements.flatMap((each) => groupsWithin(each, groups)))
      : node.type === 'Quantifier'
        ? groupsWithin(node.element, groups)
        : [];
  return [...own, ...inner];
}

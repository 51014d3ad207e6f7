/** An enum of a .proto file, and the ranges of numbers that messages and enums set aside. */
import type { EnumDeclaration } from './declaration.ts';
import { featuresOf, type Options, readInlineOptions, takesOption } from './options.ts';
import type { Token, Tokens } from './tokens.ts';

/** What follows the word `enum`. */
export function parseEnum(tokens: Tokens, start: Token): EnumDeclaration {
  const name = tokens.word('the name of an enum');
  const values: { name: string; number: number }[] = [];
  const options: Options = new Map();
  tokens.expect('{');
  while (!tokens.takes('}')) {
    if (tokens.takes(';') || takesOption(tokens, options)) continue;
    if (tokens.takes('reserved')) skipRanges(tokens);
    else {
      const value = tokens.word('the name of a value');
      tokens.expect('=');
      const number = tokens.integer('a number');
      if (number !== (number | 0)) tokens.problem(`the number of ${value}, ${number}, has more than 32 bits`);
      readInlineOptions(tokens);
      tokens.expect(';');
      values.push({ name: value, number });
    }
  }
  if (values.length === 0) tokens.problem(`enum ${name} has no value`, start.line);
  return { name, values, features: featuresOf(options), line: start.line };
}

/** What follows `extensions` or `reserved`: it says what may not be declared, and data does not change with it. */
export function skipRanges(tokens: Tokens): void {
  do {
    if (tokens.current.kind === 'string') tokens.string('a name');
    else if (tokens.current.kind === 'word') tokens.word('a name');
    else {
      tokens.integer('a number or name');
      if (tokens.takes('to') && !tokens.takes('max')) tokens.integer('a number or max');
    }
  } while (tokens.takes(','));
  readInlineOptions(tokens);
  tokens.expect(';');
}

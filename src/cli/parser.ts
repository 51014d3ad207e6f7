/** commander's parsers, made from kt's definitions: they throw where commander would print or exit. */
import { CommanderError, Option as CommanderOption, Command as Parser } from 'commander';
import { usageError } from '../base/errors.ts';
import { flagOf, longName, type Option, type Options } from './define.ts';
import { globalOptions } from './globals.ts';
import { otherNames } from './habits.ts';
import { readAs } from './options.ts';
import { suggestedOption } from './suggest.ts';

/** Thrown by `--help`, `--version` and `--licenses` wherever they stand, so that nothing else is checked. */
export class Asked {
  readonly what: 'help' | 'version' | 'licenses';
  constructor(what: Asked['what']) {
    this.what = what;
  }
}

/** The reader of one option, which names its flag in errors. */
function reader(option: Option<unknown>): (value: string, before: unknown) => unknown {
  const long = longName(option);
  return (value, before) => {
    const read = readAs(long, option.parse!, value);
    return option.repeatable ? [...((before as unknown[] | undefined) ?? []), read] : read;
  };
}

function withOptions(parser: Parser, options: Options): void {
  for (const option of Object.values(options)) {
    const made = new CommanderOption(option.flags, option.description);
    // To commander `--no-x` is `--x` turned off, with a default; here it is a flag like any other.
    made.negate = false;
    parser.addOption(option.parse ? made.argParser(reader(option)) : made);
  }
}

/** A parser that takes the global options and throws instead of printing or exiting. */
export function parserOf(name: string, asked: readonly Asked['what'][], own: Options = {}): Parser {
  const parser = new Parser(name).exitOverride().helpOption(false).helpCommand(false).showSuggestionAfterError(false);
  parser.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  withOptions(parser, globalOptions);
  const all = { ...globalOptions, ...own };
  for (const [name, key] of otherNames(all, own)) {
    const hidden = new CommanderOption(`${flagOf(name)} <value>`).argParser(reader(all[key as keyof typeof all]));
    parser.addOption(hidden);
    parser.on(`option:${hidden.name()}`, () => {
      parser.setOptionValue(key, parser.getOptionValue(name));
      parser.setOptionValue(name, undefined);
    });
  }
  withOptions(parser, own);
  for (const what of asked) {
    parser.option(what === 'help' ? '-h, --help' : `--${what}`);
    parser.on(`option:${what}`, () => {
      throw new Asked(what);
    });
  }
  return parser;
}

/** Runs a parser; commander's refusal becomes a usage error with what to type instead. */
export function parseWith(
  parser: Parser,
  argv: readonly string[],
  usage: string,
  prepared = (words: readonly string[]) => words,
): void {
  try {
    parser.parse(prepared(argv), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const what = error.message
      .replace(/^error: /, '')
      .replace(/^too many arguments.*Expected (\d+).*got (\d+)\.?$/, 'too many arguments ($1 expected, $2 given)');
    if (error.code === 'commander.optionMissingArgument') {
      throw usageError(`${/--[\w-]+/.exec(error.message)![0]} needs a value`, usage);
    }
    const unknown = error.code === 'commander.unknownOption' ? /--[^\s'=]+/.exec(what)?.[0] : undefined;
    const known = parser.options.flatMap(({ long }) => long ?? []);
    const near = unknown && suggestedOption(unknown, known);
    throw usageError(what.replaceAll(/'(\S+)'/g, '$1').replace(/\.$/, ''), near ? `did you mean ${near}?` : usage);
  }
}

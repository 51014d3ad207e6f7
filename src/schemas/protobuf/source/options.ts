/** The options in a .proto file that change what data means; all others are read and left. */
import type { FeatureName, Features } from './declaration.ts';
import type { Tokens } from './tokens.ts';

/** A value as written: the literal's bytes, a word or number, or, of a `{…}`, its names with plain values. */
type OptionValue = string | Buffer | Map<string, OptionValue>;
/** Options by name: `packed`, `features.enum_type`. */
export type Options = Map<string, OptionValue>;

const features: readonly FeatureName[] = ['field_presence', 'enum_type', 'repeated_field_encoding', 'message_encoding'];
/** Values in values: more than any option needs. */
const deepest = 100;

/** Whether `option name = value;` comes next, which is then read. */
export function takesOption(tokens: Tokens, options: Options): boolean {
  if (!tokens.takes('option')) return false;
  readOption(tokens, options);
  tokens.expect(';');
  return true;
}

/** `name = value`, after `option` or within `[…]`. */
function readOption(tokens: Tokens, options: Options): void {
  const name = readName(tokens);
  tokens.expect('=');
  const value = readValue(tokens, 0);
  if (value instanceof Map) for (const [inner, each] of value) options.set(`${name}.${inner}`, each);
  else options.set(name, value);
}

/** `[a = 1, b = 2]`, where there is one. */
export function readInlineOptions(tokens: Tokens): Options {
  const options: Options = new Map();
  if (!tokens.takes('[')) return options;
  do readOption(tokens, options);
  while (tokens.takes(','));
  tokens.expect(']');
  return options;
}

function readName(tokens: Tokens): string {
  const parts: string[] = [];
  do {
    if (tokens.takes('(')) {
      parts.push(`(${tokens.path('the name of an option')})`);
      tokens.expect(')');
    } else parts.push(tokens.word('the name of an option'));
  } while (tokens.takes('.'));
  return parts.join('.');
}

function readValue(tokens: Tokens, depth: number): OptionValue {
  if (depth > deepest) tokens.problem('this option is nested too deeply');
  if (tokens.takes('{')) return readAggregate(tokens, '}', depth);
  if (tokens.takes('<')) return readAggregate(tokens, '>', depth);
  if (tokens.takes('[')) return readList(tokens, depth);
  const { kind } = tokens.current;
  if (kind === 'string') return tokens.string('a value');
  const isNegative = tokens.takes('-');
  if (!isNegative) tokens.takes('+');
  if (tokens.current.kind !== 'word' && tokens.current.kind !== 'number') tokens.fail('a value');
  return (isNegative ? '-' : '') + tokens.next().text;
}

/** Items of a list matter to none of the options that are looked at. */
function readList(tokens: Tokens, depth: number): OptionValue {
  while (!tokens.takes(']')) {
    readValue(tokens, depth + 1);
    if (!tokens.takes(',') && !tokens.is(']')) tokens.fail('"," or "]"');
  }
  return '';
}

/** A message in Protobuf's text format. */
function readAggregate(tokens: Tokens, closer: string, depth: number): Map<string, OptionValue> {
  const values = new Map<string, OptionValue>();
  while (!tokens.takes(closer)) {
    if (tokens.takes('[')) {
      tokens.path('a name');
      while (tokens.takes('/')) tokens.path('a name');
      tokens.expect(']');
      tokens.takes(':');
      readValue(tokens, depth + 1);
    } else {
      const name = tokens.word('a name');
      tokens.takes(':');
      values.set(name, readValue(tokens, depth + 1));
    }
    if (!tokens.takes(',')) tokens.takes(';');
  }
  return values;
}

export function featuresOf(options: Options): Features {
  const found: { [name in FeatureName]?: string } = {};
  for (const name of features) {
    const value = options.get(`features.${name}`);
    if (typeof value === 'string') found[name] = value;
  }
  return found;
}

/** An option whose value is true or false. */
export function flagOf(options: Options, name: string): boolean | undefined {
  const value = options.get(name);
  return value === undefined ? undefined : value === 'true';
}

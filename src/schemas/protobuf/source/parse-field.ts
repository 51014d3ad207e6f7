/** A field of a .proto file: one of a message or oneof, an extension, a map, a group. */
import type { Edition, FieldDeclaration, MessageDeclaration } from './declaration.ts';
import { featuresOf, flagOf, type Options, readInlineOptions } from './options.ts';
import type { Tokens } from './tokens.ts';

/** Where fields go, and the messages that maps and groups bring with them. */
export interface FieldPlace {
  readonly edition: Edition;
  readonly fields: FieldDeclaration[];
  readonly messages: MessageDeclaration[];
  /** Reads the body of a group. */
  readonly group: (name: string, line: number) => MessageDeclaration;
}

/** What a field is part of, apart from the message. */
interface Membership {
  readonly oneof?: number;
  readonly extendee?: string;
}

const labels = ['optional', 'required', 'repeated'] as const;
const keyTypes = new Set('int32 int64 uint32 uint64 sint32 sint64 fixed32 fixed64 sfixed32 sfixed64 bool string'.split(' '));
const lastNumber = 2 ** 29 - 1;

export function parseField(tokens: Tokens, place: FieldPlace, membership: Membership | undefined): void {
  const { line } = tokens.current;
  const label = membership?.oneof === undefined ? labels.find((word) => tokens.takes(word)) : undefined;
  const type = tokens.path('a field');
  if (label === undefined && type === 'map' && tokens.is('<')) {
    if (membership) tokens.problem('a map can be neither in a oneof nor an extension');
    parseMapField(tokens, place, line);
    return;
  }
  if (label === 'required' && place.edition === 'proto3') tokens.problem('proto3 has no required fields', line);
  if (label === undefined && membership?.oneof === undefined && place.edition === 'proto2')
    tokens.problem(`optional, required or repeated is wanted before ${type}`, line);
  const isGroup = type === 'group' && tokens.current.kind === 'word';
  const written = tokens.word('the name of a field');
  const number = readNumber(tokens, written);
  const options = readInlineOptions(tokens);
  if (isGroup) place.messages.push(place.group(written, line));
  else tokens.expect(';');
  place.fields.push({
    ...declared(options),
    name: isGroup ? written.toLowerCase() : written,
    number,
    label: label ?? 'optional',
    type: isGroup ? written : type,
    isGroup,
    oneof: membership?.oneof,
    isProto3Optional: label === 'optional' && place.edition === 'proto3',
    extendee: membership?.extendee,
    line,
  });
}

/** What follows the word `map`. */
function parseMapField(tokens: Tokens, place: FieldPlace, line: number): void {
  tokens.expect('<');
  const keyType = tokens.word('the type of keys');
  if (!keyTypes.has(keyType)) tokens.problem(`${keyType} cannot be the type of a map's keys`);
  tokens.expect(',');
  const valueType = tokens.path('the type of values');
  tokens.expect('>');
  const name = tokens.word('the name of a field');
  const number = readNumber(tokens, name);
  const options = readInlineOptions(tokens);
  tokens.expect(';');
  const entry = entryOf(name, keyType, valueType, line);
  place.messages.push(entry);
  place.fields.push({ ...plainField(name, number, entry.name, line), ...declared(options), label: 'repeated' });
}

function readNumber(tokens: Tokens, name: string): number {
  tokens.expect('=');
  const { line } = tokens.current;
  const number = tokens.integer('a number');
  if (!(number >= 1 && number <= lastNumber))
    tokens.problem(`the number of ${name}, ${number}, is not from 1 to ${lastNumber}`, line);
  return number;
}

function declared(options: Options) {
  const jsonName = options.get('json_name');
  const defaultValue = options.get('default');
  return {
    jsonName: Buffer.isBuffer(jsonName) ? jsonName.toString() : undefined,
    defaultValue: defaultValue instanceof Map ? undefined : defaultValue,
    packed: flagOf(options, 'packed'),
    features: featuresOf(options),
  };
}

function plainField(name: string, number: number, type: string, line: number): FieldDeclaration {
  return {
    name,
    number,
    label: 'optional',
    type,
    isGroup: false,
    jsonName: undefined,
    defaultValue: undefined,
    packed: undefined,
    oneof: undefined,
    isProto3Optional: false,
    extendee: undefined,
    features: {},
    line,
  };
}

/** The message that a map's entries are, named as protoc names it: `price_list` → `PriceListEntry`. */
function entryOf(name: string, keyType: string, valueType: string, line: number): MessageDeclaration {
  const words = name.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return {
    name: `${words.join('')}Entry`,
    fields: [plainField('key', 1, keyType, line), plainField('value', 2, valueType, line)],
    oneofs: [],
    messages: [],
    enums: [],
    extensions: [],
    isMapEntry: true,
    isImplied: true,
    features: {},
    line,
  };
}

/**
 * Descriptors, the compiled form of .proto files, → their declarations (google/protobuf/descriptor.proto).
 * Which fields there are is written down here, since the reader of messages needs declarations first.
 */
import { Cursor, wireTypes } from '../wire/cursor.ts';
import { WireFault } from '../wire/fault.ts';
import { skipValue } from '../wire/skip.ts';
import type {
  Edition,
  EnumDeclaration,
  FeatureName,
  Features,
  FieldDeclaration,
  FileDeclaration,
  MessageDeclaration,
  ScalarType,
} from './declaration.ts';
import { schemaProblem } from './problem.ts';
import { literalBytes } from './string-literal.ts';

/** FieldDescriptorProto.Type; groups, messages and enums by name. */
const types: readonly (ScalarType | 'group' | 'message' | 'enum' | '')[] = [
  ...(['', 'double', 'float', 'int64', 'uint64', 'int32', 'fixed64', 'fixed32', 'bool', 'string'] as const),
  ...(['group', 'message', 'bytes', 'uint32', 'enum', 'sfixed32', 'sfixed64', 'sint32', 'sint64'] as const),
];
const labels = ['optional', 'optional', 'required', 'repeated'] as const;
const editions: Readonly<Record<number, Edition>> = { 1000: '2023', 1001: '2024' };
const featureValues: Readonly<Record<number, readonly [FeatureName, readonly string[]]>> = {
  1: ['field_presence', ['', 'EXPLICIT', 'IMPLICIT', 'LEGACY_REQUIRED']],
  2: ['enum_type', ['', 'OPEN', 'CLOSED']],
  3: ['repeated_field_encoding', ['', 'PACKED', 'EXPANDED']],
  5: ['message_encoding', ['', 'LENGTH_PREFIXED', 'DELIMITED']],
};
const deepest = 100;

/** A field of a descriptor: a number, or bytes. */
interface Entry {
  readonly number: number;
  readonly value: number;
  readonly bytes: Buffer;
}

const none = Buffer.alloc(0);

/** Fields by number, in their order. */
class Entries {
  readonly #entries: Entry[] = [];

  constructor(bytes: Buffer) {
    const cursor = new Cursor();
    cursor.reset(bytes, 0, bytes.length);
    while (cursor.at < cursor.end) {
      const tag = cursor.tag();
      const number = tag >>> 3;
      if ((tag & 7) === wireTypes.varint) {
        cursor.varint();
        this.#entries.push({ number, value: cursor.low | 0, bytes: none });
      } else if ((tag & 7) === wireTypes.bytes) {
        const end = cursor.lengthEnd();
        this.#entries.push({ number, value: 0, bytes: bytes.subarray(cursor.at, end) });
        cursor.at = end;
      } else skipValue(cursor, tag);
    }
  }

  last(number: number): Entry | undefined {
    return this.#entries.findLast((entry) => entry.number === number);
  }

  text(number: number): string | undefined {
    return this.last(number)?.bytes.toString();
  }

  number(number: number): number {
    return this.last(number)?.value ?? 0;
  }

  /** A message in the message; empty without it. */
  inner(number: number): Entries {
    return new Entries(this.last(number)?.bytes ?? none);
  }

  each(number: number): Entry[] {
    return this.#entries.filter((entry) => entry.number === number);
  }

  map<T>(number: number, read: (entries: Entries) => T): T[] {
    return this.each(number).map(({ bytes }) => read(new Entries(bytes)));
  }

  /** Whether each field is one that `numbers` has. */
  hasOnly(numbers: ReadonlySet<number>): boolean {
    return this.#entries.every(({ number }) => numbers.has(number));
  }
}

/** @throws KtError `usage` if it is no FileDescriptorProto */
export function readFileDescriptor(name: string, bytes: Buffer): FileDeclaration {
  return unlessDamaged(name, 'FileDescriptorProto', () => fileOf(new Entries(bytes)));
}

/** The files of a FileDescriptorSet, as `protoc --descriptor_set_out` writes it. @throws KtError `usage` if it is none */
export function readDescriptorSet(name: string, bytes: Buffer): FileDeclaration[] {
  return unlessDamaged(name, 'FileDescriptorSet', () => {
    const set = new Entries(bytes);
    const files = set.map(1, fileOf);
    if (files.length === 0 || !set.hasOnly(new Set([1]))) throw new WireFault('it holds no file', 0);
    return files;
  });
}

function unlessDamaged<T>(name: string, what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof WireFault)) throw error;
    throw schemaProblem(name, undefined, `this is no ${what} (byte ${error.at}: ${error.message})`);
  }
}

function fileOf(file: Entries): FileDeclaration {
  return {
    name: file.text(1) ?? '',
    form: 'descriptor',
    package: file.text(2) ?? '',
    edition: editionOf(file),
    imports: file.each(3).map(({ bytes }) => bytes.toString()),
    messages: file.map(4, (message) => messageOf(message, 0)),
    enums: file.map(5, enumOf),
    extensions: file.map(7, fieldOf),
    features: featuresOf(file.inner(8), 50),
  };
}

function editionOf(file: Entries): Edition {
  const syntax = file.text(12) ?? 'proto2';
  if (syntax === 'proto2' || syntax === 'proto3') return syntax;
  const edition = editions[file.number(14)];
  if (edition === undefined) throw new WireFault(`edition ${file.number(14)} is not known`, 0);
  return edition;
}

function messageOf(message: Entries, depth: number): MessageDeclaration {
  if (depth > deepest) throw new WireFault(`messages are nested deeper than ${deepest}`, 0);
  const options = message.inner(7);
  return {
    name: message.text(1) ?? '',
    fields: message.map(2, fieldOf),
    oneofs: message.map(8, (oneof) => ({ name: oneof.text(1) ?? '', features: featuresOf(oneof.inner(2), 1) })),
    messages: message.map(3, (nested) => messageOf(nested, depth + 1)),
    enums: message.map(4, enumOf),
    extensions: message.map(6, fieldOf),
    isMapEntry: options.number(7) === 1,
    isImplied: false,
    features: featuresOf(options, 12),
    line: undefined,
  };
}

function enumOf(declared: Entries): EnumDeclaration {
  const values = declared.map(2, (value) => ({ name: value.text(1) ?? '', number: value.number(2) }));
  if (values.length === 0) throw new WireFault(`enum ${declared.text(1)} has no value`, 0);
  return { name: declared.text(1) ?? '', values, features: featuresOf(declared.inner(3), 7), line: undefined };
}

function fieldOf(field: Entries): FieldDeclaration {
  const type = types[field.number(5)] ?? '';
  const isNamed = type === '' || type === 'group' || type === 'message' || type === 'enum';
  const options = field.inner(8);
  return {
    name: field.text(1) ?? '',
    number: field.number(3),
    label: labels[field.number(4)] ?? 'optional',
    type: isNamed ? (field.text(6) ?? '') : type,
    isGroup: type === 'group',
    jsonName: field.text(10),
    defaultValue: defaultOf(field.text(7), type),
    packed: options.last(2) && options.number(2) === 1,
    oneof: field.last(9)?.value,
    isProto3Optional: field.number(17) === 1,
    extendee: field.text(2),
    features: featuresOf(options, 21),
    line: undefined,
  };
}

/** Strings are as they are, bytes have C escapes, the rest is a word or number. */
function defaultOf(text: string | undefined, type: string): string | Buffer | undefined {
  if (text === undefined) return undefined;
  if (type === 'string') return Buffer.from(text);
  return type === 'bytes' ? literalBytes(text) : text;
}

function featuresOf(options: Entries, number: number): Features {
  const set = options.inner(number);
  const found: { [name in FeatureName]?: string } = {};
  for (const [feature, [name, values]] of Object.entries(featureValues)) {
    const value = values[set.number(Number(feature))];
    if (value) found[name] = value;
  }
  return found;
}

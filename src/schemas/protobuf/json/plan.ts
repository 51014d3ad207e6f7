/** What is worked out once about a message, for all of its data: tags, names as bytes, and how each field is read and written. */
import { ByteSink, Constant } from '../../../base/bytes/byte-sink.ts';
import type { Encoding } from '../encode/encoding.ts';
import type { EnumType, Field, Message } from '../model.ts';
import { isMap } from '../model.ts';
import { type Cursor, wireTypes } from '../wire/cursor.ts';
import { appendTree, type Tree } from '../wire/tree.ts';
import { floatNumber, treeOfDouble } from './numbers.ts';
import { scalarForms } from './scalars.ts';

/** How a message is read that JSON shows in a form of its own. */
export interface WellKnown {
  /**
   * Reads the message that fills the cursor's range.
   * @param forJson whether 64-bit integers become text
   */
  read(cursor: Cursor, forJson: boolean): Tree;
  /** A short cut from the bytes to JSON. False, with nothing appended, where `read` has to be called; the cursor may have moved. */
  write?(cursor: Cursor, sink: ByteSink): boolean;
  /** Writes its content. @throws SchemaDataError */
  encode(value: Tree, encoding: Encoding): void;
}

export interface FieldPlan {
  readonly field: Field;
  /** The tag of one value. */
  readonly tag: number;
  /** The tag of packed values; 0 for a field that cannot be packed. */
  readonly packedTag: number;
  /** Of a message, or of a map's entry. */
  readonly message: Plan | undefined;
  readonly isMap: boolean;
  readonly isRequired: boolean;
  /** A bit for its oneof; several oneofs may share one. */
  readonly oneofBit: number;
  /** The comma, name and colon before a value. */
  readonly name: Constant;
  /** The same with the value that stands for absence; undefined where JSON shows nothing then. */
  readonly absent: Constant | undefined;
  readonly absentTree: Tree | undefined;
}

const wordBits = 32;
/** Tags up to here are looked up in an array. */
const lowTags = 2048;

export class Plan {
  readonly message: Message;
  fields: readonly FieldPlan[] = [];
  wellKnown: WellKnown | undefined;
  /** Index of the field with this name: both names can be written. */
  readonly names = new Map<string, number>();
  hasOneofs = false;
  /** Index of the field for each tag, plus 1. */
  #low: Uint16Array = new Uint16Array(0);
  readonly #high = new Map<number, number>();

  constructor(message: Message) {
    this.message = message;
  }

  setFields(fields: readonly FieldPlan[]): void {
    this.fields = fields;
    this.hasOneofs = fields.some(({ oneofBit }) => oneofBit !== 0);
    for (const [index, { field }] of fields.entries()) this.names.set(field.name, index);
    for (const [index, { field }] of fields.entries()) this.names.set(field.jsonName, index);
    const tags = fields.flatMap(({ tag, packedTag }, index) => [[tag, index] as const, [packedTag, index] as const]);
    const low = tags.filter(([tag]) => tag > 0 && tag < lowTags);
    this.#low = new Uint16Array(Math.max(0, ...low.map(([tag]) => tag + 1)));
    for (const [tag, index] of low) this.#low[tag] = index + 1;
    for (const [tag, index] of tags) if (tag >= lowTags) this.#high.set(tag, index);
  }

  /** Index of the field that has this tag, or -1. */
  indexOf(tag: number): number {
    return tag < lowTags ? (this.#low[tag] ?? 0) - 1 : (this.#high.get(tag) ?? -1);
  }
}

/** @param planOf the plan of a message, which need not have its fields yet */
export function planField(field: Field, planOf: (message: Message) => Plan): FieldPlan {
  const { type, number } = field;
  const isMessage = typeof type === 'object' && type.kind === 'message';
  const wire = isMessage
    ? field.isDelimited
      ? wireTypes.startGroup
      : wireTypes.bytes
    : typeof type === 'object'
      ? wireTypes.varint
      : scalarForms[type].wire;
  const isPackable = field.isRepeated && !isMessage && wire !== wireTypes.bytes;
  const name = `,${JSON.stringify(field.jsonName)}:`;
  const absentTree = field.showsDefault ? absenceOf(field) : undefined;
  return {
    field,
    tag: number * 8 + wire,
    packedTag: isPackable ? number * 8 + wireTypes.bytes : 0,
    message: isMessage ? planOf(type) : undefined,
    isMap: isMap(field),
    isRequired: field.presence === 'required',
    oneofBit: field.oneof === undefined ? 0 : 1 << (field.oneof % wordBits),
    name: new Constant(name),
    absent: absentTree === undefined ? undefined : new Constant(name + jsonOf(absentTree)),
    absentTree,
  };
}

function jsonOf(tree: Tree): string {
  const sink = new ByteSink(1024);
  appendTree(sink, tree);
  return sink.buf.toString('utf8', 0, sink.length);
}

function absenceOf(field: Field): Tree {
  if (isMap(field)) return new Map();
  return field.isRepeated ? [] : defaultTree(field, true);
}

/** The default of a field that is no message. */
export function defaultTree({ type, defaultValue }: Field, forJson: boolean): Tree {
  if (typeof type === 'object') return enumTree(type as EnumType, defaultValue as number);
  if (type === 'float') return treeOfDouble(floatNumber(defaultValue as number));
  if (type === 'double') return treeOfDouble(defaultValue as number);
  if (Buffer.isBuffer(defaultValue)) return defaultValue.toString('base64');
  return forJson && scalarForms[type].isQuoted ? String(defaultValue) : (defaultValue as Tree);
}

/** The name of NullValue's only value is JSON's own null. */
export function enumTree({ fullName, names }: EnumType, number: number): Tree {
  return fullName === 'google.protobuf.NullValue' && number === 0 ? null : (names.get(number) ?? number);
}

/**
 * Reads messages whatever the order of their fields: what comes last counts, messages that come in parts are merged, of a oneof
 * the last member stays (https://protobuf.dev/programming-guides/encoding/#last-one-wins).
 */
import type { EnumType, Field } from '../model.ts';
import { type Cursor, deepest, wireNames, wireTypes } from '../wire/cursor.ts';
import { WireFault } from '../wire/fault.ts';
import { skipValue } from '../wire/skip.ts';
import type { Tree } from '../wire/tree.ts';
import { defaultTree, enumTree, type FieldPlan, type Plan } from './plan.ts';
import { scalarForms } from './scalars.ts';

/** Fields of all messages in one, absent ones included: an empty message takes two bytes, but each of its fields takes memory. */
const mostFields = 1 << 22;

/** Where a value stands: behind its tag, and behind its length if it is a message. */
interface Occurrence {
  readonly tag: number;
  readonly at: number;
  readonly end: number;
}

/**
 * Reads the message that fills the cursor's range, and shows absent fields as JSON does.
 * @param forJson whether 64-bit integers become text
 */
export function readMessage(plan: Plan, cursor: Cursor, forJson: boolean): Tree {
  if (++cursor.depth > deepest) cursor.fault(`nested deeper than ${deepest}`);
  const tree = plan.wellKnown ? plan.wellKnown.read(cursor, forJson) : readFields(plan, cursor, forJson);
  cursor.depth--;
  return tree;
}

/** The same for a message as any other, even if JSON has a form of its own for it. */
export function readFields(plan: Plan, cursor: Cursor, forJson: boolean): Map<string, Tree> {
  const start = cursor.at;
  const found = collect(plan, cursor);
  const tree = new Map<string, Tree>();
  cursor.fields += plan.fields.length;
  if (cursor.fields > mostFields) cursor.fault(`it has more than ${mostFields} fields`, start - 1);
  for (let index = 0; index < plan.fields.length; index++) {
    const field = plan.fields[index]!;
    const occurrences = found[index];
    if (occurrences) tree.set(field.field.jsonName, readField(field, occurrences, cursor, forJson));
    else if (field.isRequired) failRequired(field, cursor, start);
    else if (field.field.showsDefault) tree.set(field.field.jsonName, absentTree(field, forJson));
  }
  return tree;
}

/** @param start where the message begins: the byte before it belongs to the message as a whole */
function failRequired({ field }: FieldPlan, cursor: Cursor, start: number): never {
  return cursor.fault(`${field.name} is missing, which is required`, start - 1);
}

function absentTree({ field, absentTree }: FieldPlan, forJson: boolean): Tree {
  return forJson || field.isRepeated ? absentTree! : defaultTree(field, false);
}

/** Where the values of each field of the plan stand, by its index; moves the cursor to the end of its range. */
function collect(plan: Plan, cursor: Cursor): (Occurrence[] | undefined)[] {
  const found: (Occurrence[] | undefined)[] = [];
  const oneofs = plan.hasOneofs ? new Map<number, number>() : undefined;
  while (cursor.at < cursor.end) {
    const tagAt = cursor.at;
    const tag = cursor.tag();
    const index = plan.indexOf(tag);
    if (index < 0) {
      skipUnknown(plan, cursor, tag, tagAt);
      continue;
    }
    const field = plan.fields[index]!;
    const occurrence = occurrenceOf(field, cursor, tag);
    if (!occurrence) continue;
    const { oneof, isRepeated } = field.field;
    if (oneofs && oneof !== undefined) {
      const before = oneofs.get(oneof);
      if (before !== undefined && before !== index) found[before] = undefined;
      oneofs.set(oneof, index);
    }
    const list = found[index];
    if (!list) found[index] = [occurrence];
    else if (isRepeated || field.message) list.push(occurrence);
    else list[0] = occurrence;
  }
  return found;
}

/** Takes a value; undefined for a number that a closed enum does not know, which is an unknown field then. */
function occurrenceOf(field: FieldPlan, cursor: Cursor, tag: number): Occurrence | undefined {
  const at = cursor.at;
  if (field.message === undefined) {
    skipValue(cursor, tag);
    const { type } = field.field;
    const isHidden = typeof type === 'object' && tag === field.tag && !isKnown(type as EnumType, cursor.low | 0);
    if (isHidden) cursor.isLossy = true;
    return isHidden ? undefined : { tag, at, end: cursor.at };
  }
  if ((tag & 7) === wireTypes.startGroup) {
    skipValue(cursor, tag);
    return { tag, at, end: cursor.groupEnd };
  }
  const end = cursor.lengthEnd();
  const content = cursor.at;
  cursor.at = end;
  return { tag, at: content, end };
}

function isKnown({ isClosed, names }: EnumType, number: number): boolean {
  return !isClosed || names.has(number);
}

/** Skips a field that the plan does not have. @throws WireFault if the plan has it in another form */
export function skipUnknown(plan: Plan, cursor: Cursor, tag: number, tagAt: number): void {
  const field = plan.fields.find(({ field }) => field.number === tag >>> 3);
  if (field) {
    const wanted = wireNames[field.tag & 7];
    cursor.fault(`${field.field.name} has the form of ${wireNames[tag & 7]}, not of ${wanted} as declared`, tagAt);
  }
  cursor.isLossy = true;
  skipValue(cursor, tag);
}

function readField(field: FieldPlan, occurrences: readonly Occurrence[], cursor: Cursor, forJson: boolean): Tree {
  const { at, end } = cursor;
  let tree: Tree;
  if (field.isMap) tree = readMap(field.message!, occurrences, cursor, forJson);
  else if (field.field.isRepeated) tree = readRepeated(field, occurrences, cursor, forJson);
  else if (field.message) tree = readMerged(field.message, occurrences, cursor, forJson);
  else {
    enter(cursor, occurrences[0]!);
    tree = readScalar(field.field, cursor, forJson);
  }
  cursor.at = at;
  cursor.end = end;
  return tree;
}

function enter(cursor: Cursor, { at, end }: Occurrence): void {
  cursor.at = at;
  cursor.end = end;
}

function readRepeated(field: FieldPlan, occurrences: readonly Occurrence[], cursor: Cursor, forJson: boolean): Tree[] {
  const items: Tree[] = [];
  for (const occurrence of occurrences) {
    enter(cursor, occurrence);
    if (field.message) items.push(readMessage(field.message, cursor, forJson));
    else if (occurrence.tag === field.tag) items.push(readScalar(field.field, cursor, forJson));
    else readPacked(field.field, cursor, forJson, items);
  }
  return items;
}

function readPacked(field: Field, cursor: Cursor, forJson: boolean, items: Tree[]): void {
  cursor.end = cursor.lengthEnd();
  while (cursor.at < cursor.end) {
    const item = readScalar(field, cursor, forJson);
    const isHidden = typeof item === 'number' && typeof field.type === 'object' && !isKnown(field.type as EnumType, item);
    if (isHidden) cursor.isLossy = true;
    else items.push(item);
  }
}

function readScalar(field: Field, cursor: Cursor, forJson: boolean): Tree {
  const { type } = field;
  if (typeof type === 'object') return enumTree(type as EnumType, cursor.int32());
  const { read, isQuoted } = scalarForms[type];
  const value = read(cursor);
  return isQuoted && forJson ? String(value) : value;
}

/** A message that comes in parts is what their bytes say one after the other. */
function readMerged(plan: Plan, occurrences: readonly Occurrence[], cursor: Cursor, forJson: boolean): Tree {
  const last = occurrences.at(-1)!;
  if (occurrences.length === 1) {
    enter(cursor, last);
    return readMessage(plan, cursor, forJson);
  }
  const { bytes } = cursor;
  cursor.bytes = Buffer.concat(occurrences.map(({ at, end }) => bytes.subarray(at, end)));
  cursor.at = 0;
  cursor.end = cursor.bytes.length;
  try {
    return readMessage(plan, cursor, forJson);
  } catch (error) {
    // Its place is one in the merged bytes; the byte before the last part belongs to the message as a whole.
    throw error instanceof WireFault ? new WireFault(error.message, last.at - 1) : error;
  } finally {
    cursor.bytes = bytes;
  }
}

/** The last value of a key counts, at the place of the first. */
function readMap(plan: Plan, occurrences: readonly Occurrence[], cursor: Cursor, forJson: boolean): Tree {
  const [key, value] = plan.fields as [FieldPlan, FieldPlan];
  const tree = new Map<string, Tree>();
  for (const occurrence of occurrences) {
    enter(cursor, occurrence);
    const before = cursor.isLossy;
    cursor.isLossy = false;
    const [keys, values] = collect(plan, cursor);
    const isHidden = cursor.isLossy && values === undefined && isClosedEnum(value.field);
    cursor.isLossy ||= before;
    if (isHidden) continue;
    const name = keys ? readField(key, keys, cursor, forJson) : defaultTree(key.field, false);
    tree.set(String(name), values ? readField(value, values, cursor, forJson) : absentValue(value, cursor, forJson));
  }
  return tree;
}

function isClosedEnum({ type }: Field): boolean {
  return typeof type === 'object' && type.kind === 'enum' && type.isClosed;
}

/** An entry without value has the default, which for a message is the empty one. */
function absentValue(value: FieldPlan, cursor: Cursor, forJson: boolean): Tree {
  if (!value.message) return defaultTree(value.field, forJson);
  cursor.end = cursor.at;
  return readMessage(value.message, cursor, forJson);
}

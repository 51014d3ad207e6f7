/** One function for each field, which appends its value: a scalar, an enum, a message, or many of them. */
import { Constant } from '../../../base/bytes/byte-sink.ts';
import type { EnumType } from '../model.ts';
import { appendTree } from '../wire/tree.ts';
import { enumTree, type FieldPlan, type Plan, type WellKnown } from './plan.ts';
import { readMessage } from './read-message.ts';
import { scalarForms } from './scalars.ts';
import { mapWriter } from './write-map.ts';
import { type WriteField, writeMessage } from './write-message.ts';

const comma = 44;
const openBracket = 91;
const closeBracket = 93;
/** Names of enums up to this number are found in an array. */
const lowNumbers = 256;

export function fieldWriter(field: FieldPlan, writersOf: (plan: Plan) => readonly WriteField[]): WriteField {
  if (field.isMap) {
    const [key, value] = field.message!.fields as [FieldPlan, FieldPlan];
    return mapWriter(field, scalarWriter(key), valueWriter(value, writersOf));
  }
  const write = valueWriter(field, writersOf);
  return field.field.isRepeated ? listWriter(field, write) : write;
}

function valueWriter(field: FieldPlan, writersOf: (plan: Plan) => readonly WriteField[]): WriteField {
  return field.message ? messageWriter(field, field.message, writersOf) : scalarWriter(field);
}

function scalarWriter({ field: { type } }: FieldPlan): WriteField {
  if (typeof type === 'object') return enumWriter(type as EnumType);
  const { write } = scalarForms[type];
  return (cursor, sink) => {
    write(cursor, sink);
    return true;
  };
}

function enumWriter(type: EnumType): WriteField {
  const texts = new Map<number, Constant>();
  for (const number of type.names.keys()) texts.set(number, new Constant(JSON.stringify(enumTree(type, number))));
  const low = Array.from({ length: lowNumbers }, (_, number) => texts.get(number));
  const { isClosed } = type;
  return (cursor, sink) => {
    const number = cursor.int32();
    const text = number >= 0 && number < lowNumbers ? low[number] : texts.get(number);
    if (text !== undefined) sink.constant(text);
    else if (isClosed) return false;
    else sink.number(number);
    return true;
  };
}

function messageWriter(
  { tag, field: { isDelimited } }: FieldPlan,
  plan: Plan,
  writersOf: (plan: Plan) => readonly WriteField[],
): WriteField {
  if (isDelimited) return (cursor, sink) => !plan.wellKnown && writeMessage(plan, writersOf(plan), cursor, sink, tag);
  if (plan.wellKnown) return wellKnownWriter(plan, plan.wellKnown);
  let writers: readonly WriteField[] | undefined;
  return (cursor, sink) => {
    writers ??= writersOf(plan);
    const around = cursor.end;
    const end = cursor.lengthEnd();
    cursor.end = end;
    if (!writeMessage(plan, writers, cursor, sink, 0)) return false;
    cursor.end = around;
    return true;
  };
}

function wellKnownWriter(plan: Plan, form: WellKnown): WriteField {
  return (cursor, sink) => {
    const around = cursor.end;
    const end = cursor.lengthEnd();
    cursor.end = end;
    const start = cursor.at;
    if (!form.write?.(cursor, sink)) {
      cursor.at = start;
      appendTree(sink, readMessage(plan, cursor, true));
    }
    cursor.at = end;
    cursor.end = around;
    return true;
  };
}

/** Values that follow each other, packed or not; more of them behind another field are out of order. */
function listWriter({ tag, packedTag }: FieldPlan, write: WriteField): WriteField {
  return (cursor, sink, first) => {
    const open = sink.length;
    if (first === packedTag) {
      do {
        const around = cursor.end;
        cursor.end = cursor.lengthEnd();
        while (cursor.at < cursor.end) {
          sink.byte(comma);
          if (!write(cursor, sink, tag)) return false;
        }
        cursor.end = around;
      } while (cursor.takesTag(packedTag));
    } else {
      do {
        sink.byte(comma);
        if (!write(cursor, sink, tag)) return false;
      } while (cursor.takesTag(tag));
    }
    if (sink.length === open) sink.byte(openBracket);
    else sink.buf[open] = openBracket;
    sink.byte(closeBracket);
    return true;
  };
}

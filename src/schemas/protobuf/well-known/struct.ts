/** Struct, Value and ListValue: any JSON. */
import { encodeFields } from '../encode/encode-message.ts';
import type { Plan, WellKnown } from '../json/plan.ts';
import { readFields } from '../json/read-message.ts';
import type { Tree } from '../wire/tree.ts';

export function structForm(plan: Plan): WellKnown {
  return {
    read: (cursor, forJson) => readFields(plan, cursor, forJson).get('fields')!,
    encode(value, encoding) {
      if (!(value instanceof Map)) return encoding.refuse(value, 'an object');
      encodeFields(plan, new Map([['fields', value]]), encoding);
    },
  };
}

export function listForm(plan: Plan): WellKnown {
  return {
    read: (cursor, forJson) => readFields(plan, cursor, forJson).get('values')!,
    encode(value, encoding) {
      if (!Array.isArray(value)) return encoding.refuse(value, 'a list');
      encodeFields(plan, new Map([['values', value]]), encoding);
    },
  };
}

export function valueForm(plan: Plan): WellKnown {
  return {
    read(cursor, forJson): Tree {
      const [member] = readFields(plan, cursor, forJson);
      // Neither a value that is nothing nor a number that is none has JSON: null and text do not say all.
      if (member === undefined || (member[0] === 'numberValue' && typeof member[1] === 'string')) cursor.isLossy = true;
      return member === undefined ? null : member[1];
    },
    encode: (value, encoding) => encodeFields(plan, new Map([[memberOf(value), value]]), encoding),
  };
}

function memberOf(value: Tree): string {
  if (value === null) return 'nullValue';
  if (typeof value === 'string') return 'stringValue';
  if (typeof value === 'boolean') return 'boolValue';
  if (Array.isArray(value)) return 'listValue';
  return typeof value === 'object' ? 'structValue' : 'numberValue';
}

/** The wrappers, such as Int64Value: just their value. */
import { encodeFields } from '../encode/encode-message.ts';
import type { Plan, WellKnown } from '../json/plan.ts';
import { readFields } from '../json/read-message.ts';

export function wrapperForm(plan: Plan): WellKnown {
  return {
    read: (cursor, forJson) => readFields(plan, cursor, forJson).get('value')!,
    encode: (value, encoding) =>
      value === null ? encoding.refuse(value, 'a value') : encodeFields(plan, new Map([['value', value]]), encoding),
  };
}

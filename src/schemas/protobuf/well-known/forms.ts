/** The messages that JSON shows in a form of their own (https://protobuf.dev/programming-guides/json). */

import type { Plan, WellKnown } from '../json/plan.ts';
import type { Message } from '../model.ts';
import { anyForm } from './any.ts';
import { fieldMaskForm } from './field-mask.ts';
import { listForm, structForm, valueForm } from './struct.ts';
import { durationForm, timestampForm } from './time.ts';
import { wrapperForm } from './wrappers.ts';

type Find = (fullName: string) => Plan | undefined;

/** By the name in the package google.protobuf: the form, and the fields that the message must have for it. */
const forms: Readonly<Record<string, readonly [fields: string, form: (plan: Plan, find: Find) => WellKnown]>> = {
  Any: ['type_url value', anyForm],
  Timestamp: ['seconds nanos', timestampForm],
  Duration: ['seconds nanos', durationForm],
  FieldMask: ['paths', fieldMaskForm],
  Struct: ['fields', structForm],
  Value: ['null_value number_value string_value bool_value struct_value list_value', valueForm],
  ListValue: ['values', listForm],
  ...Object.fromEntries(
    ['Double', 'Float', 'Int64', 'UInt64', 'Int32', 'UInt32', 'Bool', 'String', 'Bytes'].map((type) => [
      `${type}Value`,
      ['value', wrapperForm] as const,
    ]),
  ),
};
const prefix = 'google.protobuf.';

/** @returns undefined for a message that is shown by its fields */
export function wellKnownForm(plan: Plan, find: Find): WellKnown | undefined {
  const { fullName, fields }: Message = plan.message;
  const name = fullName.startsWith(prefix) ? fullName.slice(prefix.length) : '';
  if (!Object.hasOwn(forms, name)) return undefined;
  const [wanted, form] = forms[name]!;
  return fields.map((field) => field.name).join(' ') === wanted ? form(plan, find) : undefined;
}

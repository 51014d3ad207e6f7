/** Which field of a message a byte belongs to, for errors: only they pay for it. */
import type { FieldPlan, Plan } from './json/plan.ts';
import { scalarForms } from './json/scalars.ts';
import type { ScalarType } from './source/declaration.ts';
import { Cursor, wireTypes } from './wire/cursor.ts';
import { WireFault } from './wire/fault.ts';
import { skipValue } from './wire/skip.ts';

type Step = string | number;

/** A field as it stands in the bytes: its content is behind the length of a message. */
interface Stretch {
  tag: number;
  content: number;
  end: number;
}

/** @returns the names and indexes from the message that fills `bytes[start, end)` to the byte `at`; none if that is before it */
export function stepsTo(plan: Plan, bytes: Buffer, start: number, end: number, at: number): Step[] {
  const steps: Step[] = [];
  const cursor = new Cursor();
  cursor.reset(bytes, start, end);
  for (let inner: Plan | undefined = at < start ? undefined : plan; inner; ) inner = enterField(inner, cursor, at, steps);
  return steps;
}

/** Adds the field that the byte belongs to; returns the message that it is, with the cursor's range in it. */
function enterField(plan: Plan, cursor: Cursor, wanted: number, steps: Step[]): Plan | undefined {
  const counts = new Map<number, number>();
  while (cursor.at < cursor.end) {
    const { tag, content, end } = nextStretch(cursor);
    const field = plan.fields.find(({ field }) => field.number === tag >>> 3);
    const index = counts.get(tag >>> 3) ?? 0;
    counts.set(tag >>> 3, index + 1);
    if (wanted >= end && end < cursor.end) continue;
    if (!field) return undefined;
    if (!plan.message.isMapEntry) steps.push(field.field.jsonName);
    if (field.isMap) steps.push(keyOf(field, cursor.bytes, content, end) ?? index);
    else if (field.field.isRepeated && tag === field.tag) steps.push(index);
    cursor.at = content;
    cursor.end = end;
    return wanted >= content && tag === field.tag ? field.message : undefined;
  }
  return undefined;
}

/** A damaged field extends to the end of its message. */
function nextStretch(cursor: Cursor): Stretch {
  const found: Stretch = { tag: 0, content: cursor.at, end: cursor.end };
  try {
    found.tag = cursor.tag();
    found.content = cursor.at;
    if ((found.tag & 7) === wireTypes.bytes) {
      found.end = cursor.lengthEnd();
      found.content = cursor.at;
      cursor.at = found.end;
    } else {
      skipValue(cursor, found.tag);
      found.end = cursor.at;
    }
  } catch (error) {
    if (!(error instanceof WireFault)) throw error;
    cursor.at = cursor.end;
  }
  return found;
}

/** The key of a map's entry, if it stands first and can be read. */
function keyOf({ message }: FieldPlan, bytes: Buffer, start: number, end: number): string | undefined {
  const key = message!.fields[0]!;
  const cursor = new Cursor();
  cursor.reset(bytes, start, end);
  try {
    return cursor.tag() === key.tag ? String(scalarForms[key.field.type as ScalarType].read(cursor)) : undefined;
  } catch {
    return undefined;
  }
}

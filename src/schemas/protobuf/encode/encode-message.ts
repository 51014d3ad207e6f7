/** JSON → the bytes of a message: fields by number, absent ones left out, everything checked. */
import { nearest } from '../../../base/nearest.ts';
import type { FieldPlan, Plan } from '../json/plan.ts';
import type { EnumType, Scalar } from '../model.ts';
import type { ScalarType } from '../source/declaration.ts';
import { deepest, wireTypes } from '../wire/cursor.ts';
import type { Tree } from '../wire/tree.ts';
import type { Encoding } from './encoding.ts';
import { isDefault, keyOf, scalarOf } from './scalars.ts';
import { writeScalar } from './write-scalar.ts';

/** Writes the content of a message. @throws SchemaDataError for what does not fit */
export function encodeMessage(plan: Plan, value: Tree, encoding: Encoding): void {
  if (++encoding.depth > deepest) encoding.fail(`nested deeper than ${deepest}`);
  if (plan.wellKnown) plan.wellKnown.encode(value, encoding);
  else encodeFields(plan, value, encoding);
  encoding.depth--;
}

/** The same for a message as any other, even if JSON has a form of its own for it. */
export function encodeFields(plan: Plan, value: Tree, encoding: Encoding): void {
  const object = objectOf(value, plan, encoding);
  const values: (Tree | undefined)[] = [];
  for (const [name, member] of object) takeMember(plan, name, member, values, encoding);
  if (plan.hasOneofs) refuseTwoOfOneof(plan, values, encoding);
  for (let index = 0; index < plan.fields.length; index++) {
    const field = plan.fields[index]!;
    const value = values[index];
    if (value !== undefined) {
      encoding.path.push(field.field.jsonName);
      encodeField(field, value, encoding);
      encoding.path.pop();
    } else if (field.isRequired) encoding.fail(`${field.field.jsonName} is missing, which is required`);
  }
}

function objectOf(value: Tree, { message }: Plan, encoding: Encoding): Map<string, Tree> {
  if (value instanceof Map) return value;
  return encoding.refuse(value, `an object (${message.fullName})`);
}

/** null stands for absence, except where JSON's null is a value. */
function takeMember(plan: Plan, name: string, value: Tree, values: (Tree | undefined)[], encoding: Encoding): void {
  const index = plan.names.get(name);
  if (index === undefined) {
    const near = nearest(name, plan.names.keys());
    const hint = near === undefined ? '' : ` (did you mean ${near}?)`;
    encoding.fail(`${plan.message.fullName} has no field ${JSON.stringify(name)}${hint}`);
  }
  if (value === null && !takesNull(plan.fields[index]!)) return;
  if (values[index] !== undefined) encoding.fail(`${name} is there twice, under both of its names`);
  values[index] = value;
}

function takesNull({ field: { type, isRepeated } }: FieldPlan): boolean {
  if (isRepeated || typeof type !== 'object') return false;
  return type.fullName === 'google.protobuf.Value' || type.fullName === 'google.protobuf.NullValue';
}

function refuseTwoOfOneof({ fields }: Plan, values: readonly (Tree | undefined)[], encoding: Encoding): void {
  const seen = new Map<number, FieldPlan>();
  values.forEach((value, index) => {
    const { oneof } = fields[index]!.field;
    if (value === undefined || oneof === undefined) return;
    const before = seen.get(oneof);
    if (before) encoding.fail(`${before.field.jsonName} and ${fields[index]!.field.jsonName} exclude each other (oneof)`);
    seen.set(oneof, fields[index]!);
  });
}

function encodeField(field: FieldPlan, value: Tree, encoding: Encoding): void {
  if (field.isMap) encodeMap(field, value, encoding);
  else if (field.field.isRepeated) encodeList(field, value, encoding);
  else if (field.message) encodeInner(field, field.message, value, encoding);
  else {
    const scalar = scalarOf(value, field.field.type as ScalarType | EnumType, encoding);
    if (field.field.presence !== 'implicit' || !isDefault(scalar, field.field)) encodeScalar(field, scalar, encoding);
  }
}

function encodeScalar({ tag, field }: FieldPlan, value: Scalar, { out }: Encoding): void {
  out.varint32(tag);
  writeScalar(out, field.type as ScalarType | EnumType, value);
}

function encodeInner({ tag, field }: FieldPlan, plan: Plan, value: Tree, encoding: Encoding): void {
  const { out } = encoding;
  out.varint32(tag);
  const start = out.length;
  encodeMessage(plan, value, encoding);
  if (field.isDelimited) out.varint32(tag - wireTypes.startGroup + wireTypes.endGroup);
  else out.prefixLength(start);
}

function encodeList(field: FieldPlan, value: Tree, encoding: Encoding): void {
  const { message, packedTag } = field;
  const { out, path } = encoding;
  if (!Array.isArray(value)) encoding.refuse(value, 'a list');
  if (value.length === 0) return;
  const isPacked = field.field.isPacked;
  if (isPacked) out.varint32(packedTag);
  const start = out.length;
  for (let index = 0; index < value.length; index++) {
    path.push(index);
    const item = value[index]!;
    if (message) encodeInner(field, message, item, encoding);
    else {
      const scalar = scalarOf(item, field.field.type as ScalarType | EnumType, encoding);
      if (isPacked) writeScalar(out, field.field.type as ScalarType | EnumType, scalar);
      else encodeScalar(field, scalar, encoding);
    }
    path.pop();
  }
  if (isPacked) out.prefixLength(start);
}

/** Key and value are always written, as protoc's own code does. */
function encodeMap(field: FieldPlan, map: Tree, encoding: Encoding): void {
  const { out, path } = encoding;
  const [key, value] = field.message!.fields as [FieldPlan, FieldPlan];
  if (!(map instanceof Map)) encoding.refuse(map, 'an object, one member for each key');
  for (const [name, member] of map) {
    path.push(name);
    out.varint32(field.tag);
    const start = out.length;
    encodeScalar(key, keyOf(name, key.field.type, encoding), encoding);
    if (value.message) encodeInner(value, value.message, member, encoding);
    else encodeScalar(value, scalarOf(member, value.field.type as ScalarType | EnumType, encoding), encoding);
    out.prefixLength(start);
    path.pop();
  }
}

/** Protobuf schemas at random, each both as a descriptor and as .proto text: for kt, and for @bufbuild/protobuf as an oracle. */
import { create, createFileRegistry, type DescFile, type DescMessage, type FileRegistry, toBinary } from '@bufbuild/protobuf';
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  type FieldDescriptorProto,
  FieldDescriptorProtoSchema,
  FileDescriptorProtoSchema,
  file_google_protobuf_any,
  file_google_protobuf_duration,
  file_google_protobuf_empty,
  file_google_protobuf_field_mask,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from '@bufbuild/protobuf/wkt';

export interface RandomSchema {
  readonly text: string;
  /** FileDescriptorProto in base64. */
  readonly descriptor: string;
  readonly registry: FileRegistry;
  readonly messages: readonly DescMessage[];
}

export type Random = () => number;

export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[below(random, items.length)]!;
}

const wellKnownFiles: Readonly<Record<string, DescFile>> = {
  any: file_google_protobuf_any,
  duration: file_google_protobuf_duration,
  empty: file_google_protobuf_empty,
  field_mask: file_google_protobuf_field_mask,
  struct: file_google_protobuf_struct,
  timestamp: file_google_protobuf_timestamp,
  wrappers: file_google_protobuf_wrappers,
};
const wellKnown = [
  ...['Any', 'Duration', 'Empty', 'FieldMask', 'Struct', 'Value', 'ListValue', 'Timestamp'],
  ...['Int64Value', 'UInt32Value', 'BoolValue', 'StringValue', 'BytesValue', 'DoubleValue', 'FloatValue'],
];
const scalars = [
  ...[Type.DOUBLE, Type.FLOAT, Type.INT32, Type.INT64, Type.UINT32, Type.UINT64, Type.SINT32, Type.SINT64],
  ...[Type.FIXED32, Type.FIXED64, Type.SFIXED32, Type.SFIXED64, Type.BOOL, Type.STRING, Type.BYTES],
];
const keys = scalars.filter((type) => ![Type.DOUBLE, Type.FLOAT, Type.BYTES].includes(type));
const words = [
  'id',
  'order_id',
  'name',
  'price_2',
  'a',
  'x_y_z',
  'total_amount',
  'constructor',
  '__proto__',
  'to_string',
  'value',
];
const messageNames = ['Order', 'Item', 'Nested', 'Deep'];
const lastNumber = 2 ** 29 - 1;

type Syntax = 'proto2' | 'proto3';

export function randomSchema(random: Random): RandomSchema {
  const syntax = pick<Syntax>(random, ['proto2', 'proto3']);
  const printed: string[] = [];
  const messageType = messageNames.map((name) => {
    const writer = new MessageMaker(random, syntax);
    const message = writer.make(name);
    printed.push(`message ${name} {\n${writer.lines.join('\n')}\n}`);
    return message;
  });
  const numbers = [0, 1, 2, 5, -3, 300];
  const file = create(FileDescriptorProtoSchema, {
    name: 'random.proto',
    package: 'shop',
    // protoc leaves proto2 out.
    ...(syntax === 'proto3' ? { syntax } : {}),
    dependency: Object.keys(wellKnownFiles).map((name) => `google/protobuf/${name}.proto`),
    messageType,
    enumType: [{ name: 'Status', value: numbers.map((number, index) => ({ name: `STATUS_${index}`, number })) }],
  });
  const registry = createFileRegistry(file, (name) => wellKnownFiles[name.replace(/^.*\/(.*)\.proto$/, '$1')]);
  return {
    text: [
      `syntax = "${syntax}";`,
      'package shop;',
      ...file.dependency.map((name) => `import "${name}";`),
      `enum Status { ${numbers.map((number, index) => `STATUS_${index} = ${number};`).join(' ')} }`,
      ...printed,
    ].join('\n'),
    descriptor: Buffer.from(toBinary(FileDescriptorProtoSchema, file)).toString('base64'),
    registry,
    messages: messageNames.map((name) => registry.getMessage(`shop.${name}`)!),
  };
}

/** One message, in both forms. */
class MessageMaker {
  readonly lines: string[] = [];
  readonly #random: Random;
  readonly #syntax: Syntax;
  readonly #numbers = new Set<number>();

  constructor(random: Random, syntax: Syntax) {
    this.#random = random;
    this.#syntax = syntax;
  }

  make(name: string): DescriptorProto {
    const message = create(DescriptorProtoSchema, { name });
    const count = 1 + below(this.#random, 10);
    const oneofs: FieldDescriptorProto[] = [];
    for (let index = 0; index < count; index++) this.#addField(message, `${pick(this.#random, words)}_${index}`, oneofs);
    return message;
  }

  #number(): number {
    for (;;) {
      const number = this.#random() < 0.8 ? 1 + below(this.#random, 40) : 1 + below(this.#random, lastNumber);
      if (this.#numbers.has(number) || (number >= 19_000 && number < 20_000)) continue;
      this.#numbers.add(number);
      return number;
    }
  }

  #addField(message: DescriptorProto, name: string, oneofs: FieldDescriptorProto[]): void {
    const random = this.#random;
    const kind = random();
    if (kind < 0.15) this.#addMap(message, name);
    else if (kind < 0.3) this.#addRepeated(message, name);
    else if (kind < 0.45 && oneofs.length < 3) this.#addOneof(message, name, oneofs);
    else this.#addSingular(message, name);
  }

  #type(): Pick<FieldDescriptorProto, 'type' | 'typeName'> {
    const random = this.#random;
    const kind = random();
    if (kind < 0.6) return { type: pick(random, scalars), typeName: '' };
    if (kind < 0.7) return { type: Type.ENUM, typeName: '.shop.Status' };
    if (kind < 0.85) return { type: Type.MESSAGE, typeName: `.shop.${pick(random, messageNames)}` };
    return { type: Type.MESSAGE, typeName: `.google.protobuf.${pick(random, wellKnown)}` };
  }

  #field(name: string, label: Label, more: object = {}): FieldDescriptorProto {
    const field = { name, jsonName: jsonNameOf(name), number: this.#number(), label, ...this.#type(), ...more };
    return create(FieldDescriptorProtoSchema, field);
  }

  #addRepeated(message: DescriptorProto, name: string): void {
    const field = this.#field(name, Label.REPEATED);
    const isPackable = field.type !== Type.MESSAGE && field.type !== Type.STRING && field.type !== Type.BYTES;
    const packed = isPackable && this.#random() < 0.5 ? this.#random() < 0.5 : undefined;
    if (packed !== undefined) field.options = create(FieldDescriptorProtoSchema, { options: { packed } }).options!;
    message.field.push(field);
    this.lines.push(`  repeated ${declared(field)}${packed === undefined ? '' : ` [packed = ${packed}]`};`);
  }

  #addSingular(message: DescriptorProto, name: string): void {
    const field = this.#field(name, Label.OPTIONAL);
    const isMessage = field.type === Type.MESSAGE;
    if (this.#syntax === 'proto2') {
      if (!isMessage && this.#random() < 0.2) field.label = Label.REQUIRED;
      this.lines.push(`  ${field.label === Label.REQUIRED ? 'required' : 'optional'} ${declared(field)};`);
    } else if (this.#random() < 0.3) {
      field.proto3Optional = true;
      field.oneofIndex = message.oneofDecl.length;
      message.oneofDecl.push(create(DescriptorProtoSchema, { oneofDecl: [{ name: `_${name}` }] }).oneofDecl[0]!);
      this.lines.push(`  optional ${declared(field)};`);
    } else this.lines.push(`  ${declared(field)};`);
    message.field.push(field);
  }

  #addOneof(message: DescriptorProto, name: string, oneofs: FieldDescriptorProto[]): void {
    const oneofIndex = message.oneofDecl.length;
    message.oneofDecl.push(create(DescriptorProtoSchema, { oneofDecl: [{ name: `one_${name}` }] }).oneofDecl[0]!);
    const members = ['_p', '_q', '_r'].map((suffix) => this.#field(name + suffix, Label.OPTIONAL, { oneofIndex }));
    message.field.push(...members);
    oneofs.push(members[0]!);
    this.lines.push(`  oneof one_${name} { ${members.map((field) => `${declared(field)};`).join(' ')} }`);
  }

  #addMap(message: DescriptorProto, name: string): void {
    const words = name.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
    const entryName = `${words.join('')}Entry`;
    const field = this.#field(name, Label.REPEATED, { type: Type.MESSAGE, typeName: `.shop.${message.name}.${entryName}` });
    const key = { name: 'key', jsonName: 'key', number: 1, label: Label.OPTIONAL, type: pick(this.#random, keys) };
    const value = { name: 'value', jsonName: 'value', number: 2, label: Label.OPTIONAL, ...this.#type() };
    const entry = { name: entryName, field: [key, value], options: { mapEntry: true } };
    message.nestedType.push(create(DescriptorProtoSchema, entry));
    message.field.push(field);
    const valueName = typeText(create(FieldDescriptorProtoSchema, value));
    this.lines.push(`  map<${Type[key.type].toLowerCase()}, ${valueName}> ${name} = ${field.number};`);
  }
}

function typeText({ type, typeName }: FieldDescriptorProto): string {
  return typeName === '' ? Type[type].toLowerCase() : typeName;
}

function declared(field: FieldDescriptorProto): string {
  return `${typeText(field)} ${field.name} = ${field.number}`;
}

function jsonNameOf(name: string): string {
  return name.replace(/_+(.?)/g, (_, letter: string) => letter.toUpperCase());
}

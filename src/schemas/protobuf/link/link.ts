/** Declarations of files → messages whose fields know their types. */
import type { EnumType, Field, Message } from '../model.ts';
import {
  type EnumDeclaration,
  type FieldDeclaration,
  type FileDeclaration,
  type MessageDeclaration,
  type ScalarType,
  scalarTypes,
} from '../source/declaration.ts';
import { schemaProblem } from '../source/problem.ts';
import { defaultOf } from './default-value.ts';
import { fileFeatures, type ResolvedFeatures } from './features.ts';
import { jsonNameOf } from './json-name.ts';

/** A message while its fields are being found. */
interface Unfinished extends Message {
  readonly fields: Field[];
}

/** Where a declaration stands. */
interface Place {
  readonly file: FileDeclaration;
  /** The full name of what is around it; empty at the top of a file without package. */
  readonly scope: string;
  readonly features: ResolvedFeatures;
}

const scalars: ReadonlySet<string> = new Set(scalarTypes);
const unpackable: ReadonlySet<string> = new Set<ScalarType>(['string', 'bytes']);

/**
 * @param missing names of imported files that nobody has, for the error about a type that may be in one
 * @throws KtError `usage` for a name that is not declared, or one declared twice
 */
export function linkFiles(files: readonly FileDeclaration[], missing: readonly string[]): ReadonlyMap<string, Message> {
  const linker = new Linker(missing);
  for (const file of files) linker.declare(file);
  for (const file of files) linker.resolve(file);
  return linker.finish();
}

class Linker {
  readonly #missing: readonly string[];
  readonly #messages = new Map<string, Unfinished>();
  readonly #enums = new Map<string, EnumType>();

  constructor(missing: readonly string[]) {
    this.#missing = missing;
  }

  declare(file: FileDeclaration): void {
    const place = placeOf(file);
    for (const each of file.enums) this.#declareEnum(each, place);
    for (const each of file.messages) this.#declareMessage(each, place);
  }

  #declareMessage(message: MessageDeclaration, place: Place): void {
    const fullName = below(place.scope, message.name);
    this.#refuseTwice(fullName, message, place);
    this.#messages.set(fullName, { kind: 'message', fullName, fields: [], isMapEntry: message.isMapEntry });
    const inside = placeIn(message, place);
    for (const each of message.enums) this.#declareEnum(each, inside);
    for (const each of message.messages) this.#declareMessage(each, inside);
  }

  #declareEnum(declared: EnumDeclaration, place: Place): void {
    const fullName = below(place.scope, declared.name);
    this.#refuseTwice(fullName, declared, place);
    const names = new Map<number, string>();
    for (const { name, number } of declared.values) if (!names.has(number)) names.set(number, name);
    this.#enums.set(fullName, {
      kind: 'enum',
      fullName,
      isClosed: { ...place.features, ...declared.features }.enum_type === 'CLOSED',
      names,
      numbers: new Map(declared.values.map(({ name, number }) => [name, number])),
      first: declared.values[0]!.number,
    });
  }

  #refuseTwice(fullName: string, { line }: { readonly line: number | undefined }, { file }: Place): void {
    if (this.#messages.has(fullName) || this.#enums.has(fullName))
      throw schemaProblem(file.name, line, `${fullName} is declared twice`);
  }

  resolve(file: FileDeclaration): void {
    const place = placeOf(file);
    for (const extension of file.extensions) this.#extend(extension, place);
    for (const message of file.messages) this.#resolveMessage(message, place);
  }

  #resolveMessage(message: MessageDeclaration, place: Place): void {
    const inside = placeIn(message, place);
    const { fields } = this.#messages.get(inside.scope)!;
    for (const declared of message.fields) {
      const oneof = declared.isProto3Optional ? undefined : declared.oneof;
      const features = { ...inside.features, ...(oneof === undefined ? {} : message.oneofs[oneof]?.features) };
      fields.push(this.#field(declared, { ...inside, features }, oneof));
    }
    for (const extension of message.extensions) this.#extend(extension, inside);
    for (const nested of message.messages) this.#resolveMessage(nested, inside);
  }

  /** Extensions of what is in a missing file extend nothing that is ever read; nor do options' extensions matter. */
  #extend(declared: FieldDeclaration, place: Place): void {
    const extended = this.#find(declared.extendee!, place);
    if (extended?.kind !== 'message') return;
    const name = `[${below(place.scope, declared.name)}]`;
    const field = this.#field(declared, place, undefined);
    const presence = field.presence === 'required' ? 'required' : 'explicit';
    this.#messages.get(extended.fullName)!.fields.push({ ...field, name, jsonName: name, presence, showsDefault: false });
  }

  #field(declared: FieldDeclaration, place: Place, oneof: number | undefined): Field {
    const { name, number, label } = declared;
    const type = this.#type(declared, place);
    const features = { ...place.features, ...declared.features };
    const isMessage = typeof type === 'object' && type.kind === 'message';
    const isRepeated = label === 'repeated';
    const defaultValue = this.#defaultOf(declared, type, place);
    const isExplicit = isMessage || declared.isProto3Optional || oneof !== undefined || features.field_presence === 'EXPLICIT';
    const isRequired = label === 'required' || features.field_presence === 'LEGACY_REQUIRED';
    const isMapField = isMessage && isRepeated && type.isMapEntry;
    const packs = !isMessage && (typeof type === 'object' || !unpackable.has(type));
    return {
      name,
      jsonName: declared.jsonName ?? jsonNameOf(name),
      number,
      type,
      isRepeated,
      isPacked: isRepeated && packs && (declared.packed ?? features.repeated_field_encoding === 'PACKED'),
      isDelimited: isMessage && !isMapField && (declared.isGroup || features.message_encoding === 'DELIMITED'),
      presence: isRepeated ? 'implicit' : isRequired ? 'required' : isExplicit ? 'explicit' : 'implicit',
      oneof,
      defaultValue,
      showsDefault: isRepeated || (!isMessage && !isRequired && showsDefault(place.file, isExplicit, oneof)),
    };
  }

  #defaultOf(declared: FieldDeclaration, type: Field['type'], { file }: Place): Field['defaultValue'] {
    if (typeof type === 'object' && type.kind === 'message') return undefined;
    const value = defaultOf(declared, type);
    if (value !== undefined) return value;
    const typeName = typeof type === 'object' ? type.fullName : type;
    throw schemaProblem(file.name, declared.line, `the default of ${declared.name} is no ${typeName}`);
  }

  #type(declared: FieldDeclaration, place: Place): Field['type'] {
    if (scalars.has(declared.type)) return declared.type as ScalarType;
    const found = this.#find(declared.type, place);
    if (found) return found;
    const { name, line, type } = declared;
    const hint = this.#missing.length === 0 ? '' : ` (it may be in a file that was not found: ${this.#missing.join(', ')})`;
    throw schemaProblem(place.file.name, line, `${type}, the type of ${name}, is not declared${hint}`);
  }

  /** Looks in the innermost scope first, as C++ does. */
  #find(name: string, { scope }: Place): Message | EnumType | undefined {
    if (name.startsWith('.')) return this.#named(name.slice(1));
    for (let around = scope; ; around = around.slice(0, Math.max(0, around.lastIndexOf('.')))) {
      const found = this.#named(below(around, name));
      if (found || around === '') return found;
    }
  }

  #named(fullName: string): Message | EnumType | undefined {
    return this.#messages.get(fullName) ?? this.#enums.get(fullName);
  }

  finish(): ReadonlyMap<string, Message> {
    for (const message of this.#messages.values()) finishFields(message);
    return this.#messages;
  }
}

/** @throws KtError `usage` for two fields with the same number or name, and a map's entry that is none */
function finishFields({ fullName, fields, isMapEntry }: Unfinished): void {
  fields.sort((a, b) => a.number - b.number);
  fields.forEach((field, index) => {
    const before = fields[index - 1];
    if (before?.number === field.number)
      throw schemaProblem(fullName, undefined, `${before.name} and ${field.name} both have the number ${field.number}`);
  });
  if (
    isMapEntry &&
    (fields.length !== 2 || fields[0]!.number !== 1 || fields[1]!.number !== 2 || fields[0]!.defaultValue === undefined)
  )
    throw schemaProblem(fullName, undefined, 'the entry of a map has a key with the number 1 and a value with the number 2');
  separateNames(fullName, fields);
}

/** proto2 lets `a_b` and `aB` stand side by side: both then keep their names. */
function separateNames(fullName: string, fields: Field[]): void {
  const counts = new Map<string, number>();
  for (const { jsonName } of fields) counts.set(jsonName, (counts.get(jsonName) ?? 0) + 1);
  fields.forEach((field, index) => {
    if (counts.get(field.jsonName)! > 1) fields[index] = { ...field, jsonName: field.name };
  });
  const names = new Set(fields.map(({ jsonName }) => jsonName));
  if (names.size < fields.length) throw schemaProblem(fullName, undefined, 'two fields have the same name in JSON');
}

function showsDefault({ edition }: FileDeclaration, isExplicit: boolean, oneof: number | undefined): boolean {
  return !isExplicit || (edition === 'proto2' && oneof === undefined);
}

function placeOf(file: FileDeclaration): Place {
  return { file, scope: file.package, features: fileFeatures(file.edition, file.features) };
}

function placeIn({ name, features }: MessageDeclaration, { file, scope, features: around }: Place): Place {
  return { file, scope: below(scope, name), features: { ...around, ...features } };
}

function below(scope: string, name: string): string {
  return scope === '' ? name : `${scope}.${name}`;
}

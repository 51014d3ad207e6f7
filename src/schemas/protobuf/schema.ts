/** A Protobuf schema: a file and all that it imports, from text or a descriptor; and its messages, by name or by index. */
import { nearest } from '../../base/nearest.ts';
import type { CompiledSchema } from '../compiled-schema.ts';
import { Compiler } from './compile.ts';
import { linkFiles } from './link/link.ts';
import type { Message } from './model.ts';
import type { FileDeclaration, MessageDeclaration } from './source/declaration.ts';
import { parseProto } from './source/parse-text.ts';
import { schemaProblem } from './source/problem.ts';
import { readDescriptorSet, readFileDescriptor } from './source/read-descriptor.ts';
import { wellKnownFile } from './well-known/files.ts';

/**
 * What an import stands for: the text of a .proto file or a FileDescriptorProto in base64; undefined if there is none.
 * google/protobuf/…, google/type/… and confluent/… are bundled; it is asked for them only if they are not.
 */
export type ResolveImport = (name: string) => string | undefined | Promise<string | undefined>;

/** A file in base64: no .proto text is without a character that base64 has not. */
const base64 = /^[A-Za-z\d+/\s]+={0,2}$/;
const anyFile = 'google/protobuf/any.proto';
/** What an Any may hold without the file's importing it. */
const usualInAny = ['duration', 'empty', 'field_mask', 'struct', 'timestamp', 'wrappers'].map(
  (name) => `google/protobuf/${name}.proto`,
);

export class ProtobufSchema {
  readonly #main: FileDeclaration;
  readonly #messages: ReadonlyMap<string, Message>;
  readonly #compiler: Compiler;

  constructor(main: FileDeclaration, messages: ReadonlyMap<string, Message>) {
    this.#main = main;
    this.#messages = messages;
    this.#compiler = new Compiler(messages);
  }

  /** Full name of the file's first message. @throws KtError `usage` if it has none */
  get firstMessage(): string {
    const name = this.messageAt([0]);
    if (name === undefined) throw schemaProblem(this.#main.name, undefined, 'it declares no message');
    return name;
  }

  /**
   * Full name of a message by Confluent's indexes: that of the outermost message, then those of messages in it. They count as the
   * registry gave the schema: text has no `message` for the entries of a `map<…>` and for groups, a descriptor has.
   * @returns undefined if there is none
   */
  messageAt(indexes: readonly number[], form: 'text' | 'descriptor' = this.#main.form): string | undefined {
    const names = this.#main.package === '' ? [] : [this.#main.package];
    let messages: readonly MessageDeclaration[] = this.#main.messages;
    for (const index of indexes) {
      const message = countedIn(messages, form)[index];
      if (!message) return undefined;
      names.push(message.name);
      ({ messages } = message);
    }
    return names.join('.');
  }

  /**
   * The indexes that `messageAt` takes, for data that is written.
   * @returns undefined for a message that the file only imports
   */
  indexesOf(fullName: string, form: 'text' | 'descriptor' = this.#main.form): number[] | undefined {
    const prefix = this.#main.package === '' ? '' : `${this.#main.package}.`;
    if (!fullName.startsWith(prefix)) return undefined;
    const indexes: number[] = [];
    let messages: readonly MessageDeclaration[] = this.#main.messages;
    for (const name of fullName.slice(prefix.length).split('.')) {
      const counted = countedIn(messages, form);
      const index = counted.findIndex((message) => message.name === name);
      if (index < 0) return undefined;
      indexes.push(index);
      ({ messages } = counted[index]!);
    }
    return indexes;
  }

  /**
   * @param name full, or without the file's package
   * @returns the full name; undefined for a message that neither the file nor what it imports declares
   */
  messageNamed(name: string): string | undefined {
    return [name, `${this.#main.package}.${name}`].find((fullName) => this.#messages.has(fullName));
  }

  /**
   * @param name full, or without the file's package
   * @throws KtError `usage` for a message that there is not
   */
  compile(name = this.firstMessage): CompiledSchema {
    const fullName = this.messageNamed(name);
    if (fullName !== undefined) return this.#compiler.compile(this.#messages.get(fullName)!);
    const near = nearest(name, this.#messages.keys());
    const hint = near === undefined ? '' : ` (did you mean ${near}?)`;
    throw schemaProblem(this.#main.name, undefined, `it declares no message ${name}${hint}`);
  }
}

function countedIn(messages: readonly MessageDeclaration[], form: 'text' | 'descriptor'): readonly MessageDeclaration[] {
  return form === 'text' ? messages.filter(({ isImplied }) => !isImplied) : messages;
}

/**
 * A schema as a registry gives it, or a .proto file: text, or a FileDescriptorProto in base64.
 * @param name for errors: a path, a subject
 * @throws KtError `usage` with the line of what is wrong
 */
export async function readProtobuf(name: string, content: string, resolve: ResolveImport): Promise<ProtobufSchema> {
  const main = readFile(name, content);
  return link(main, [main], resolve);
}

/**
 * A FileDescriptorSet, as `protoc --include_imports --descriptor_set_out` writes it. Its last file is the one that was asked for.
 * @throws KtError `usage` if it is none
 */
export async function readProtobufDescriptorSet(name: string, bytes: Buffer, resolve: ResolveImport): Promise<ProtobufSchema> {
  const files = readDescriptorSet(name, bytes);
  return link(files.at(-1)!, files, resolve);
}

function readFile(name: string, content: string): FileDeclaration {
  return base64.test(content.trimEnd()) ? readFileDescriptor(name, Buffer.from(content, 'base64')) : parseProto(name, content);
}

/** Adds what is imported; what nobody has is no error unless a type is missing then. */
async function link(main: FileDeclaration, given: readonly FileDeclaration[], resolve: ResolveImport): Promise<ProtobufSchema> {
  const files = new Map(given.map((file) => [file === main ? '' : file.name, file]));
  const missing: string[] = [];
  const asked = new Set([...given.map(({ name }) => name)]);
  const wanted = given.flatMap(({ imports }) => imports);
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (asked.has(name)) continue;
    asked.add(name);
    if (name === anyFile) wanted.push(...usualInAny);
    const content = (await wellKnownFile(name)) ?? (await resolve(name));
    if (content === undefined) missing.push(name);
    else {
      const file = readFile(name, content);
      files.set(name, file);
      wanted.push(...file.imports);
    }
  }
  return new ProtobufSchema(main, linkFiles([...files.values()], missing));
}

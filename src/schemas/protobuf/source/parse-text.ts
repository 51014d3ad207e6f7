/** The text of a .proto file → its declarations: proto2, proto3, editions 2023 and 2024. */
import type { Edition, EnumDeclaration, FieldDeclaration, FileDeclaration, MessageDeclaration } from './declaration.ts';
import { featuresOf, flagOf, type Options, takesOption } from './options.ts';
import { parseEnum, skipRanges } from './parse-enum.ts';
import { type FieldPlace, parseField } from './parse-field.ts';
import { type Token, Tokens } from './tokens.ts';

const editions: readonly string[] = ['2023', '2024'] satisfies Edition[];
/** Messages in messages: protoc has such a limit too. */
const deepest = 100;

/** Declarations while they are read. */
interface Scope {
  readonly messages: MessageDeclaration[];
  readonly enums: EnumDeclaration[];
  readonly extensions: FieldDeclaration[];
}

/** @throws KtError `usage` with the line of what is not as the language wants it */
export function parseProto(name: string, text: string): FileDeclaration {
  return new FileParser(new Tokens(name, text)).file(name);
}

class FileParser {
  readonly #tokens: Tokens;
  #edition: Edition = 'proto2';

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
  }

  file(name: string): FileDeclaration {
    const tokens = this.#tokens;
    const scope: Scope = { messages: [], enums: [], extensions: [] };
    const options: Options = new Map();
    const imports: string[] = [];
    let packageName = '';
    this.#readEdition();
    while (tokens.current.kind !== 'end') {
      if (tokens.takes(';') || takesOption(tokens, options)) continue;
      if (tokens.takes('package')) {
        packageName = tokens.path('the name of a package');
        tokens.expect(';');
      } else if (tokens.takes('import')) this.#readImport(imports);
      else if (tokens.takes('service')) {
        tokens.word('the name of a service');
        skipBlock(tokens);
      } else if (!this.#declares(scope, 0)) tokens.fail('message, enum, extend, service, import, package or option');
    }
    return {
      name,
      form: 'text',
      package: packageName,
      edition: this.#edition,
      imports,
      ...scope,
      features: featuresOf(options),
    };
  }

  #readEdition(): void {
    const tokens = this.#tokens;
    const { text, line } = tokens.current;
    if (!tokens.takes('syntax') && !tokens.takes('edition')) return;
    tokens.expect('=');
    const edition = tokens.string('a string').toString();
    const known = text === 'syntax' ? ['proto2', 'proto3'] : editions;
    if (!known.includes(edition)) tokens.problem(`${text} "${edition}" is not known (${known.join(', ')})`, line);
    this.#edition = edition as Edition;
    tokens.expect(';');
  }

  /** An `import option` only brings options, which do not matter here. */
  #readImport(imports: string[]): void {
    const tokens = this.#tokens;
    const isForOptions = tokens.takes('option');
    if (!isForOptions && !tokens.takes('public')) tokens.takes('weak');
    const name = tokens.string('the name of a file').toString();
    tokens.expect(';');
    if (!isForOptions) imports.push(name);
  }

  /** A declaration that files and messages may hold. */
  #declares(scope: Scope, depth: number): boolean {
    const tokens = this.#tokens;
    if (this.#edition === '2024' && !tokens.takes('export')) tokens.takes('local');
    const start = tokens.current;
    if (tokens.takes('message')) scope.messages.push(this.#message(start, depth));
    else if (tokens.takes('enum')) scope.enums.push(parseEnum(tokens, start));
    else if (tokens.takes('extend')) this.#extend(scope, depth);
    else return false;
    return true;
  }

  #message(start: Token, depth: number): MessageDeclaration {
    const name = this.#tokens.word('the name of a message');
    return this.#messageBody(name, start.line, depth, false);
  }

  #messageBody(name: string, line: number, depth: number, isImplied: boolean): MessageDeclaration {
    const tokens = this.#tokens;
    if (depth > deepest) tokens.problem(`messages are nested deeper than ${deepest}`);
    const scope: Scope = { messages: [], enums: [], extensions: [] };
    const fields: FieldDeclaration[] = [];
    const oneofs: { name: string; features: ReturnType<typeof featuresOf> }[] = [];
    const options: Options = new Map();
    const place = this.#place(scope, fields, depth);
    tokens.expect('{');
    while (!tokens.takes('}')) {
      if (tokens.takes(';') || takesOption(tokens, options)) continue;
      if (tokens.takes('extensions') || tokens.takes('reserved')) skipRanges(tokens);
      else if (tokens.takes('oneof')) oneofs.push(this.#oneof(place, oneofs.length));
      else if (!this.#declares(scope, depth + 1)) parseField(tokens, place, undefined);
    }
    return {
      name,
      fields,
      oneofs,
      ...scope,
      isMapEntry: flagOf(options, 'map_entry') === true,
      isImplied,
      features: featuresOf(options),
      line,
    };
  }

  #place(scope: Scope, fields: FieldDeclaration[], depth: number): FieldPlace {
    return {
      edition: this.#edition,
      fields,
      messages: scope.messages,
      group: (name, line) => this.#messageBody(name, line, depth + 1, true),
    };
  }

  #oneof(place: FieldPlace, index: number) {
    const tokens = this.#tokens;
    const name = tokens.word('the name of a oneof');
    const options: Options = new Map();
    tokens.expect('{');
    while (!tokens.takes('}')) {
      if (!tokens.takes(';') && !takesOption(tokens, options)) parseField(tokens, place, { oneof: index });
    }
    return { name, features: featuresOf(options) };
  }

  #extend(scope: Scope, depth: number): void {
    const tokens = this.#tokens;
    const extendee = tokens.path('the name of a message');
    const place = this.#place(scope, scope.extensions, depth);
    tokens.expect('{');
    while (!tokens.takes('}')) {
      if (!tokens.takes(';')) parseField(tokens, place, { extendee });
    }
  }
}

/** Skips `{ … }`, or the `;` that stands for it. */
function skipBlock(tokens: Tokens): void {
  if (tokens.takes(';')) return;
  tokens.expect('{');
  for (let depth = 1; depth > 0; ) {
    const { kind, text } = tokens.next();
    if (kind === 'end') tokens.fail('"}"');
    if (kind === 'symbol') depth += text === '{' ? 1 : text === '}' ? -1 : 0;
  }
}

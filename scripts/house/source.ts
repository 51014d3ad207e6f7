/** Reads source files: what each imports, its length, its functions and whether it holds any code at all. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { type Function as FunctionNode, parseSync, type Statement, Visitor } from 'oxc-parser';

/** A function, method or callback; what it contains counts as its own lines. */
interface SourceFunction {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly lines: number;
  /** The files of the repository that it imports: for values, for types only and dynamically. */
  readonly imports: readonly string[];
  /** The packages that it imports, without `node:` modules. */
  readonly packages: readonly string[];
  readonly functions: readonly SourceFunction[];
  /** False if it has only types, so that nothing is left at run time. */
  readonly hasCode: boolean;
}

/** All `.ts`, `.mjs` and `.js` files below these folders of the repository, in order of their paths. */
export function readSources(root: string, folders: readonly string[]): SourceFile[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
    )
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\.(ts|mjs|js)$/.test(file))
    .sort()
    .map((file) => parseSource(file, readFileSync(join(root, file), 'utf8')));
}

/** @throws {Error} if the text is not TypeScript. */
export function parseSource(path: string, text: string): SourceFile {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`);
  const lineStarts = startsOfLines(text);
  const lineAt = (offset: number) => lineStarts.findLastIndex((start) => start <= offset) + 1;

  const specifiers = new Set<string>();
  const functions: SourceFunction[] = [];
  const names = new Map<number, string>();
  const add = (source: { value: unknown } | null) => {
    if (typeof source?.value === 'string') specifiers.add(source.value);
  };
  const measure = (node: { start: number; end: number }, name: string | undefined) => {
    const line = lineAt(node.start);
    functions.push({ name: name ?? names.get(node.start) ?? 'callback', line, lines: lineAt(node.end - 1) - line + 1 });
  };
  const nameValue = (key: { type: string; start: number; end: number }, value: { start: number } | null) => {
    if (value) names.set(value.start, text.slice(key.start, key.end));
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source as { value?: unknown } as { value: unknown }),
    TSImportType: (node) => add(node.source),
    VariableDeclarator: (node) => nameValue(node.id, node.init),
    Property: (node) => nameValue(node.key, node.value),
    MethodDefinition: (node) => nameValue(node.key, node.value),
    PropertyDefinition: (node) => nameValue(node.key, node.value),
    FunctionDeclaration: (node: FunctionNode) => measure(node, node.id?.name),
    FunctionExpression: (node: FunctionNode) => measure(node, node.id?.name),
    ArrowFunctionExpression: (node) => measure(node, undefined),
  }).visit(program);

  const named = [...specifiers];
  return {
    path,
    lines: lineStarts.length - (text.endsWith('\n') ? 1 : 0),
    imports: named.filter((name) => name.startsWith('.')).map((name) => posix.join(posix.dirname(path), name)),
    packages: [...new Set(named.filter((name) => !/^(\.|node:)/.test(name)).map(packageOf))],
    functions,
    hasCode: program.body.some((statement) => isCode(statement)),
  };
}

function startsOfLines(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** `kafkajs/src/errors.js` is in the package `kafkajs`. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function isCode(statement: Statement): boolean {
  switch (statement.type) {
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      return false;
    case 'ImportDeclaration':
      return statement.specifiers.length === 0;
    case 'ExportNamedDeclaration':
      return statement.exportKind !== 'type' && (statement.declaration === null || isCode(statement.declaration));
    default:
      return true;
  }
}

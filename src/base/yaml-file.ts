/** YAML files that people write, read with the line in each error; every scalar is a text, whose meaning is up to the reader. */
import type { Document, LineCounter, Node, YAMLMap, YAMLSeq } from 'yaml';
import { type KtError, usageError } from './errors.ts';
import { nearest } from './nearest.ts';

/** An entry of a map: its value, and its key for errors about a value that is not there. */
export interface YamlItem {
  readonly node: YamlNode;
  readonly key: Node;
}

export type YamlNode = Node | null | undefined;

export interface ParsedYaml {
  readonly document: Document;
  readonly lines: LineCounter;
}

/** @throws KtError `usage` with the line of the syntax error, or of an alias (`*name`) without its anchor (`&name`) */
export async function parseYaml(text: string, path: string): Promise<ParsedYaml> {
  const { LineCounter, parseDocument, visit } = await import('yaml');
  const lines = new LineCounter();
  // Every scalar is a text (a password may look like a number), and messages that quote the file are not used.
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false });
  const syntax = document.errors[0] ?? document.warnings[0];
  if (syntax) {
    throw usageError(
      `${path}, line ${lines.linePos(syntax.pos[0]).line}: not valid YAML (${syntax.code})`,
      "put values with special characters between single quotes: '…'",
    );
  }
  const known = new Set<string>();
  visit(document, {
    // An anchor counts from where it stands.
    Node(_, { anchor }) {
      if (anchor !== undefined) known.add(anchor);
    },
    Alias(_, { source, range }) {
      if (known.has(source)) return;
      // The name is not told: it may be a password that begins with *.
      throw usageError(
        `${path}, line ${lines.linePos(range?.[0] ?? 0).line}: the alias has no anchor before it`,
        "a value marked &name can be used as *name after it; a text that begins with * stands between single quotes: '*…'",
      );
    },
  });
  return { document, lines };
}

/** Takes YAML nodes apart, with the line in each error. */
export class YamlReader {
  readonly path: string;
  readonly root: YamlNode;
  readonly #parsed: ParsedYaml;

  constructor(path: string, parsed: ParsedYaml) {
    this.path = path;
    this.root = parsed.document.contents;
    this.#parsed = parsed;
  }

  error(node: YamlNode, what: string, hint?: string): KtError {
    return usageError(`${this.at(node)}: ${what}`, hint);
  }

  /** A map's entries; with `keys`, no others are allowed. */
  map(given: YamlNode, name: string, keys?: readonly string[]): Map<string, YamlItem> {
    const items = new Map<string, YamlItem>();
    const node = this.#resolved(given);
    if (!node || isBlank(node)) return items;
    if (!('items' in node) || !(node as YAMLMap).items.every((pair) => typeof pair === 'object' && 'key' in pair)) {
      throw this.error(given, `${name} must be a map of names to values`, 'indent a line `name: value` for each');
    }
    for (const pair of (node as YAMLMap<Node, Node | null>).items) {
      const key = String((this.#resolved(pair.key) as { value?: unknown }).value);
      if (keys && !keys.includes(key)) {
        const meant = nearest(key, keys);
        throw this.error(
          pair.key,
          `${name}: unknown key '${key}'`,
          meant ? `did you mean ${meant}?` : `one of ${keys.join(', ')}`,
        );
      }
      items.set(key, { node: pair.value, key: pair.key });
    }
    return items;
  }

  /** A list's entries; none for one that is left empty. */
  list(given: YamlNode, name: string, example: string): readonly YamlNode[] {
    const node = this.#resolved(given);
    if (!node || isBlank(node)) return [];
    const items = 'items' in node ? (node as YAMLSeq<Node | null>).items : undefined;
    if (!items || items.some((entry) => entry && 'key' in entry)) throw this.error(given, `${name} must be a list`, example);
    return items;
  }

  isList(given: YamlNode): boolean {
    const node = this.#resolved(given);
    return (
      node !== null && node !== undefined && 'items' in node && !(node as YAMLSeq<Node>).items.some((item) => 'key' in item)
    );
  }

  text({ node, key }: YamlItem, name: string): string {
    const value = (this.#resolved(node) as { value?: unknown } | null | undefined)?.value;
    if (typeof value !== 'string') throw this.error(node ?? key, `${name} must be a text`, "put it between single quotes: '…'");
    return value;
  }

  /** The texts of a list, or of a single one that is written without. */
  texts(item: YamlItem, name: string): readonly string[] {
    if (!this.isList(item.node)) return [this.text(item, name)];
    return this.list(item.node, name, `${name}: [a, b]`).map((node) => this.text({ node, key: item.key }, name));
  }

  /** Whether nothing stands after the key; a quoted empty text is something. */
  isBlank({ node }: YamlItem): boolean {
    const resolved = this.#resolved(node);
    return !resolved || (isBlank(resolved) && !isQuoted(resolved));
  }

  /** Whether it is YAML's null, written out; a quoted one is a text. */
  isNull({ node }: YamlItem): boolean {
    const resolved = this.#resolved(node);
    const { value } = (resolved ?? {}) as { value?: unknown };
    return (value === 'null' || value === '~') && !isQuoted(resolved);
  }

  /** `topics.yaml, line 4`. */
  at(node: YamlNode): string {
    return `${this.path}, line ${this.#parsed.lines.linePos(node?.range?.[0] ?? 0).line}`;
  }

  /** What an alias (`*name`) stands for. */
  #resolved(node: YamlNode): YamlNode {
    return node && 'source' in node && 'resolve' in node
      ? (node as { resolve(document: Document): Node | undefined }).resolve(this.#parsed.document)
      : node;
  }
}

function isBlank(node: Node): boolean {
  return 'value' in node && node.value === '';
}

function isQuoted(node: YamlNode): boolean {
  return /^QUOTE/.test((node as { type?: string } | undefined)?.type ?? '');
}

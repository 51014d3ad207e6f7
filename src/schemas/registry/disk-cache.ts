/**
 * Schemas kept between runs: a file each, by registry, context and id. An id stands for one schema for ever, so nothing expires.
 * What is damaged, or of another registry, counts as absent, and a disk that cannot be written is no error.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readSchema } from './answers.ts';
import { isObject, readJson } from './body.ts';
import type { PlainSchema } from './schema.ts';
import type { RegistrySettings } from './settings.ts';
import { defaultContext } from './subject.ts';

export interface CacheKey {
  readonly kind: 'id' | 'guid' | 'global-id';
  readonly name: string;
  readonly context: string;
}

/** A schema and everything that it refers to, by `subject@version`. */
export interface CachedSchema {
  readonly root: PlainSchema;
  readonly references: Record<string, PlainSchema>;
}

const format = 1;
/** Confluent Cloud's. */
export const logicalClusterHeader = 'target-sr-cluster';

export class SchemaCache {
  /**
   * Whether what is kept counts without asking the registry. A registry on this machine, or one of its containers, is often thrown away
   * and begins again with id 1: what is kept of such a one serves only while it is away.
   */
  readonly isTrusted: boolean;
  readonly #folder: string | undefined;
  /** Stands for the registry, in names of folders. */
  readonly #registry: string;

  constructor({ urls, headers, cacheDirectory }: RegistrySettings) {
    this.isTrusted = !urls.some(isOfThisMachine);
    // Behind one address, the logical cluster decides which registry answers.
    this.#registry = hash([...[...urls].sort(), headers[logicalClusterHeader] ?? ''].join(' '));
    this.#folder = cacheDirectory && join(cacheDirectory, this.#registry);
  }

  read(key: CacheKey): CachedSchema | undefined {
    if (this.#folder === undefined) return undefined;
    try {
      const value = readJson(readFileSync(this.#path(key), 'utf8'));
      return isObject(value) && this.#isOf(value, key) ? cachedSchema(value) : undefined;
    } catch {
      return undefined;
    }
  }

  write(key: CacheKey, { root, references }: CachedSchema): void {
    if (this.#folder === undefined) return;
    const path = this.#path(key);
    const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
    const text = JSON.stringify({
      format,
      registry: this.#registry,
      ...key,
      root: plain(root),
      references: Object.fromEntries(Object.entries(references).map(([name, schema]) => [name, plain(schema)])),
    });
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
      renameSync(draft, path);
    } catch {
      removed(draft);
    }
  }

  #isOf(value: Readonly<Record<string, unknown>>, { kind, name, context }: CacheKey): boolean {
    return (
      value['format'] === format &&
      value['registry'] === this.#registry &&
      value['kind'] === kind &&
      value['name'] === name &&
      value['context'] === context
    );
  }

  #path({ kind, name, context }: CacheKey): string {
    const folder = context === defaultContext ? 'default' : `context-${hash(context)}`;
    return join(this.#folder!, folder, `${kind}-${name.replace(/[^\w-]/g, '_')}.json`);
  }
}

function removed(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    // There is nothing, since not even its folder could be made.
  }
}

/** As the registry answers it, so that one reader serves both. */
function plain({ text, type, ...rest }: PlainSchema): unknown {
  return { ...rest, schema: text, schemaType: type };
}

/** @throws Error for what is none */
function cachedSchema(value: Readonly<Record<string, unknown>>): CachedSchema {
  const { root, references } = value;
  if (!isObject(references)) throw new Error('no references');
  return {
    root: readSchema(root, ''),
    references: Object.fromEntries(Object.entries(references).map(([name, schema]) => [name, readSchema(schema, '')])),
  };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** Loopback, or a name without a dot: a container's. */
function isOfThisMachine(url: string): boolean {
  const { hostname } = new URL(url);
  return /^(localhost|127\.[\d.]+|\[::1\]|[^.:[\]]+|.*\.localhost|host\.docker\.internal)$/.test(hostname);
}

/** What .proto files import, from directories. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readNamedFile } from '../../base/named-file.ts';
import { utf8Text } from '../../base/utf8-text.ts';
import type { Context } from '../../context.ts';
import type { ResolveImport } from '../../schemas/protobuf/schema.ts';

const largestImport = 16 << 20;

/** Imports are looked for where protoc looks: in the directories that are named, or else beside the file. */
export function importsIn({ cwd, signal }: Context, path: string, directories: readonly string[]): ResolveImport {
  const places = directories.length > 0 ? directories : [dirname(path)];
  return async (name) => {
    for (const place of places) {
      const file = resolve(cwd, place, name);
      if (existsSync(file)) return utf8Text((await readNamedFile(file, { signal, largest: largestImport })).bytes, file);
    }
    return undefined;
  };
}

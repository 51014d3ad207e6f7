/**
 * Writes src/schemas/protobuf/well-known/bundle/: the .proto files that every Protobuf has and no registry lists, without comments and options.
 * `node --import tsx scripts/well-known-protos.ts DIR`, where DIR is what `pip download --no-deps grpcio-tools googleapis-common-protos` brings, unpacked.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [root] = process.argv.slice(2);
if (root === undefined) throw new Error('which folder?');
const target = 'src/schemas/protobuf/well-known/bundle';
const core = 'any api descriptor duration empty field_mask source_context struct timestamp type wrappers'.split(' ');

/** The declarations of a file on one line; options change nothing that kt looks at, except those in brackets. */
function compact(text: string): string {
  return text
    .replace(/"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (found) => (found.startsWith('"') ? found : ' '))
    .replace(/(?<=^|[;{}\s])option (?:[^;{"]|"[^"]*")*;/g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{}=;,<>[\]]) ?/g, '$1')
    .trim();
}

function write(
  file: string,
  exported: string,
  comment: string,
  folder: string,
  prefix: string,
  names: readonly string[],
): void {
  const entries = names.map((name) => [`${prefix}${name}.proto`, compact(readFileSync(join(folder, `${name}.proto`), 'utf8'))]);
  const object = JSON.stringify(Object.fromEntries(entries), undefined, 2);
  writeFileSync(join(target, file), `${comment}\n\nexport const ${exported}: Readonly<Record<string, string>> = ${object};\n`);
  execFileSync('npx', ['biome', 'check', '--write', join(target, file)], { stdio: 'inherit' });
}

const types = join(root, 'google/type');
const typeNames = readdirSync(types).flatMap((file) => (file.endsWith('.proto') ? [file.slice(0, -'.proto'.length)] : []));
write(
  'google-protobuf.ts',
  'googleProtobuf',
  `/**
 * google/protobuf, without comments and options. Made by scripts/well-known-protos.ts.
 *
 * Protocol Buffers - Google's data interchange format. Copyright 2008 Google Inc. All rights reserved.
 * Redistribution and use in source and binary forms, with or without modification, are permitted under the BSD 3-Clause licence
 * (https://developers.google.com/open-source/licenses/bsd). This software is provided "as is", without any warranty.
 */`,
  join(root, 'grpc_tools/_proto/google/protobuf'),
  'google/protobuf/',
  core,
);
write(
  'google-type.ts',
  'googleType',
  `/**
 * google/type, without comments and options. Made by scripts/well-known-protos.ts.
 *
 * Copyright Google LLC. Licensed under the Apache License, Version 2.0 (https://www.apache.org/licenses/LICENSE-2.0).
 */`,
  types,
  'google/type/',
  typeNames.sort(),
);

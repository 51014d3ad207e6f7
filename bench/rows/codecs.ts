/** Decoding alone, without Kafka: kt's code and the usual library's in one process of Bun, the binary's runtime. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Raced } from '../codecs/contest.ts';
import type { Row } from '../row.ts';
import { rootDirectory } from '../work.ts';

const bun = join(rootDirectory, 'node_modules/bun/bin/bun.exe');

export function avroDecodingRow(): Row {
  return decodingRow('Avro', { rival: 'avsc', atLeast: 1.8 });
}

export function protobufDecodingRow(): Row {
  return decodingRow('Protobuf', { rival: '@bufbuild/protobuf', atLeast: 3 });
}

function decodingRow(format: 'Avro' | 'Protobuf', { rival, atLeast }: { rival: string; atLeast: number }): Row {
  const count = 100_000;
  const program = join(import.meta.dirname, `../codecs/${format.toLowerCase()}.ts`);
  const pieces = new Map(['kt', rival].map((name) => [`${name}: ${format} to JSON`, name]));
  return {
    title: `Decode ${count.toLocaleString('en')} ${format} records of 10 fields to JSON, inside one process`,
    records: count,
    runs: 0,
    contenders: [],
    async contest() {
      const raced: readonly Raced[] = JSON.parse(
        execFileSync(bun, [program, '--json', ...pieces.keys()], { encoding: 'utf8' }),
      );
      return raced.map(({ name, timings }) => ({ name: pieces.get(name)!, timings: [...timings], peak: undefined }));
    },
    budgets: [{ of: 'kt', atLeast, rival }],
  };
}

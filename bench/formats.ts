/** How many records per second each style formats, without reading and writing: `node --import tsx bench/formats.ts`, `npx bun bench/formats.ts`. */

import type { FetchedRecords, RecordView } from '../src/kafka/batch/record.ts';
import { encodeHeaders } from '../src/kafka/batch/record-headers.ts';
import type { SerdeName } from '../src/records/serde/table.ts';
import type { RecordFormat } from '../src/records/stream.ts';
import { renderRecords } from '../src/render/records/index.ts';

const recordsPerBatch = 8192;
const batches = 122;
const rounds = 5;

const lorem = 'Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et d';
const texts = {
  '100 B of text': lorem.slice(0, 100),
  '100 B of JSON': '{"user_id":"user-000042","event":"user.signup","plan":"free","at":1700000000000,"source":"web-store"}',
  '100 B of German': 'Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich: für Öl, Käse, Brötchen und Süßes',
};

/** One batch of equal records, as a fetch response holds them. */
function batchOf(value: string): FetchedRecords {
  const header = encodeHeaders([{ key: Buffer.from('trace-id'), value: Buffer.from('4bf92f3577b34da6') }]);
  const key = Buffer.from('user-000042');
  const front = Buffer.alloc(7);
  const record = Buffer.concat([front, key, Buffer.alloc(2), Buffer.from(value), header]);
  const bytes = Buffer.concat(Array<Buffer>(recordsPerBatch).fill(record));
  const view: RecordView = {
    topic: 'orders',
    partition: 0,
    offset: 0,
    timestamp: 1_700_000_000_000,
    timestampType: 'CreateTime',
    bytes,
    keyStart: 0,
    keyEnd: 0,
    valueStart: 0,
    valueEnd: 0,
    headerCount: 1,
    headersStart: 0,
    exactOffset: () => 0n,
    exactTimestamp: () => 0n,
  };
  const valueLength = Buffer.byteLength(value);
  return {
    topic: view.topic,
    each(visit) {
      for (let index = 0, at = front.length; index < recordsPerBatch; index++, at += record.length) {
        view.offset = 1_000_000 + index;
        view.timestamp = 1_700_000_000_000 + index;
        view.keyStart = at;
        view.keyEnd = at + key.length;
        view.valueStart = view.keyEnd + 2;
        view.valueEnd = view.valueStart + valueLength;
        view.headersStart = view.valueEnd + 1;
        if (visit(view) === false) return;
      }
    },
  };
}

async function* repeat(batch: FetchedRecords, times: number): AsyncGenerator<FetchedRecords> {
  for (let left = times; left > 0; left--) yield batch;
}

const string: SerdeName = 'string';
const formats: readonly (readonly [name: string, format: RecordFormat, terminal: boolean])[] = [
  ['value', { style: 'value', keyFormat: string, valueFormat: string }, false],
  ['raw', { style: 'raw', keyFormat: string, valueFormat: string }, false],
  ['template', { style: 'template', template: '%t %p %o %T %k %h %s\\n', keyFormat: string, valueFormat: string }, false],
  ['json', { style: 'json', keyFormat: string, valueFormat: string }, false],
  ['json, value json', { style: 'json', keyFormat: string, valueFormat: 'json' }, false],
  ['pretty', { style: 'pretty', keyFormat: string, valueFormat: string }, true],
];

const [wanted] = process.argv.slice(2);
for (const [content, value] of Object.entries(texts)) {
  const batch = batchOf(value);
  for (const [name, format, terminal] of formats) {
    if (wanted !== undefined && !name.startsWith(wanted)) continue;
    const times = name === 'pretty' ? 4 : batches;
    let bytes = 0;
    const out = {
      async write(written: Uint8Array) {
        bytes += written.length;
      },
      terminal,
      color: terminal,
      columns: 120,
    };
    let best = 0;
    for (let round = 0; round < rounds; round++) {
      bytes = 0;
      const start = performance.now();
      await renderRecords({ batches: repeat(batch, times), format }, out);
      best = Math.max(best, (times * recordsPerBatch) / (performance.now() - start) / 1000);
    }
    const line = [
      content.padEnd(16),
      name.padEnd(17),
      `${best.toFixed(2).padStart(6)} M records/s`,
      `${Math.round(bytes / times / recordsPerBatch)} B each`,
    ];
    process.stdout.write(`${line.join('  ')}\n`);
  }
}

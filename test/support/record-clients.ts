/** kt and kcat with the interface of the foreign clients: they write given records and read a whole topic. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { TestCluster } from './clusters.ts';
import { output } from './foreign-clients.ts';
import type { Codec, ForeignClient, Instruction, Isolation, ReadRecord, WrittenRecord } from './foreign-records.ts';
import { type programs, kt as runKt, startKt } from './kt.ts';
import { asLines, linesOf } from './kt-on.ts';
import { until } from './until.ts';

/** What one run of a program writes: all of it with one codec, or one transaction. */
interface Run {
  readonly codec: Codec;
  readonly transactionalId: string | undefined;
  readonly end: 'commit' | 'abort';
  readonly records: readonly WrittenRecord[];
}

function runsOf(instructions: readonly Instruction[]): Run[] {
  const runs: Run[] = [];
  let [codec, transactionalId]: [Codec, string | undefined] = ['none', undefined];
  let records: WrittenRecord[] = [];
  const take = (end: Run['end']) => {
    if (records.length > 0) runs.push({ codec, transactionalId, end, records });
    records = [];
  };
  for (const instruction of instructions) {
    if (typeof instruction === 'string') {
      if (instruction === 'commit' || instruction === 'abort') take(instruction);
    } else if ('partition' in instruction) {
      records.push(instruction);
    } else {
      take('commit');
      [, codec, transactionalId] = instruction;
    }
  }
  take('commit');
  return runs;
}

/** A line of `kt tail -o json`. */
export interface JsonRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly keyEncoding?: string;
  readonly valueEncoding?: string;
  readonly headers: readonly { readonly key: string; readonly value: string | null; readonly valueEncoding?: string }[];
}

/** kt: as one program or the other, with JSON lines. */
export function ktClient(program: keyof typeof programs): ForeignClient {
  const kt = async (cluster: TestCluster, args: readonly string[], stdin = '') => {
    const result = await runKt(args, { program, env: { KT_BOOTSTRAP_SERVER: cluster.bootstrapServers }, stdin });
    assert.equal(result.code, 0, `kt ${args.join(' ')}\n${result.stderr}`);
    return result.stdout;
  };
  const read = async (cluster: TestCluster, topic: string, isolation: Isolation) => {
    const args = ['tail', topic, '--from-beginning', '-e', '-o', 'json', '--isolation', isolation];
    return linesOf(await kt(cluster, args)).map((line) => fromJson(JSON.parse(line)));
  };
  /** Once all records before it are in the log, gives kt a line that it cannot read. */
  const abort = async (cluster: TestCluster, topic: string, args: readonly string[], lines: string) => {
    const written = async () => (await read(cluster, topic, 'read_uncommitted')).length;
    const wanted = (await written()) + linesOf(lines).length;
    const child = startKt(args, { program, env: { KT_BOOTSTRAP_SERVER: cluster.bootstrapServers } });
    const ended = once(child, 'close');
    child.stdin.write(lines);
    await until(async () => child.exitCode !== null || (await written()) >= wanted, 'the lines before are written');
    child.stdin.end('no JSON\n');
    assert.deepEqual(await ended, [2, null], `kt ${args.join(' ')}`);
  };
  return {
    name: 'kt',
    async write(cluster, topic, instructions) {
      for (const { codec, transactionalId, end, records } of runsOf(instructions)) {
        const args = ['produce', topic, '-i', 'json', '--partition-from-input', '--compression', codec];
        if (transactionalId) args.push('--transactional-id', transactionalId);
        const lines = asLines(records.map((record) => JSON.stringify(jsonOf(record))));
        if (end === 'commit') await kt(cluster, args, lines);
        else await abort(cluster, topic, args, lines);
      }
    },
    read,
  };
}

function jsonOf({ partition, timestamp, key, value, headers }: WrittenRecord): object {
  const encoded = (name: string, bytes: Buffer | null) =>
    bytes === null ? { [name]: null } : { [name]: bytes.toString('base64'), [`${name}Encoding`]: 'base64' };
  const pairs = headers.map(([name, of]) => ({ key: name, ...encoded('value', of) }));
  return { partition, timestamp, ...encoded('key', key), ...encoded('value', value), headers: pairs };
}

function fromJson({ partition, offset, timestamp, key, value, keyEncoding, valueEncoding, headers }: JsonRecord): ReadRecord {
  const bytes = (text: string | null, encoding: string | undefined) =>
    text === null ? null : Buffer.from(text, encoding === 'base64' ? 'base64' : 'utf8');
  return {
    partition,
    offset,
    timestamp,
    key: bytes(key, keyEncoding),
    value: bytes(value, valueEncoding),
    headers: headers.map((header) => [header.key, bytes(header.value, header.valueEncoding)]),
  };
}

/**
 * kcat. It cannot write timestamps, empty keys or values, or a record without both, and gives all records of a run the headers of
 * the first; each run goes to one partition. It prints headers as one text: see `headersAsText`.
 */
export const kcatClient = {
  async write({ bootstrapServers }: TestCluster, topic: string, instructions: readonly Instruction[]): Promise<void> {
    const [keyEnd, recordEnd] = [`<key ${randomUUID()}>`, `<end ${randomUUID()}>`];
    for (const { codec, transactionalId, end, records } of runsOf(instructions)) {
      assert.equal(end, 'commit');
      const { partition, headers } = records[0]!;
      const settings = [
        '-X',
        'message.max.bytes=8388608',
        ...(transactionalId ? ['-X', `transactional.id=${transactionalId}`] : []),
      ];
      const pairs = headers.flatMap(([name, value]) => ['-H', value === null ? name : `${name}=${value}`]);
      const bytes = records.flatMap(({ key, value }) => [
        ...(key === null ? [] : [key, Buffer.from(keyEnd)]),
        value ?? Buffer.alloc(0),
        Buffer.from(recordEnd),
      ]);
      const args = [
        '-P',
        '-b',
        bootstrapServers,
        '-t',
        topic,
        '-p',
        String(partition),
        '-z',
        codec,
        '-Z',
        '-K',
        keyEnd,
        '-D',
        recordEnd,
      ];
      await output('kcat', [...args, ...settings, ...pairs], Buffer.concat(bytes));
    }
  },
  /** The headers' text becomes the name of the only header. */
  async read({ bootstrapServers }: TestCluster, topic: string, isolation: Isolation): Promise<ReadRecord[]> {
    const end = `<end ${randomUUID()}>`;
    const settings = ['-X', `isolation.level=${isolation}`, '-X', 'check.crcs=true'];
    const format = ['-f', `%p %o %T %K %S %k%s%h${end}`];
    const bytes = await output('kcat', [
      '-C',
      '-q',
      '-b',
      bootstrapServers,
      '-t',
      topic,
      '-o',
      'beginning',
      '-e',
      ...settings,
      ...format,
    ]);
    const records: ReadRecord[] = [];
    for (let at = 0; at < bytes.length; ) {
      const numbers: number[] = [];
      while (numbers.length < 5) {
        const space = bytes.indexOf(' ', at);
        numbers.push(Number(bytes.toString('latin1', at, space)));
        at = space + 1;
      }
      const [partition, offset, timestamp, keyLength, valueLength] = numbers as [number, number, number, number, number];
      const piece = (length: number) => {
        const start = at;
        at += Math.max(0, length);
        return length < 0 ? null : bytes.subarray(start, at);
      };
      const [key, value] = [piece(keyLength), piece(valueLength)];
      const headersEnd = bytes.indexOf(end, at);
      const headers: ReadRecord['headers'] = headersEnd === at ? [] : [[bytes.toString('latin1', at, headersEnd), null]];
      records.push({ partition, offset, timestamp, key, value, headers });
      at = headersEnd + end.length;
    }
    return records;
  },
};

/** Headers as kcat prints them, one character per byte; a value ends at its first NUL. */
export function headersAsText(headers: WrittenRecord['headers']): string {
  const shown = (value: Buffer | null) => value?.toString('latin1').replace(/\0.*$/s, '') ?? 'NULL';
  return headers.map(([name, value]) => `${Buffer.from(name).toString('latin1')}=${shown(value)}`).join(',');
}

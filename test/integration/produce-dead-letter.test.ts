/** `kt produce --dead-letter`: what a broker refused can be written again from the file, to the byte. */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { type KtResult, kt as runKt } from '../support/kt.ts';

const directory = mkdtempSync(join(tmpdir(), 'kt-dead-letter-'));
after(() => rmSync(directory, { recursive: true }));
const yesterday = Date.now() - 86_400_000;

for (const [index, { version, bootstrapServers }] of (await testClusters()).entries()) {
  const program = index % 2 === 0 ? 'node' : 'binary';
  const env = { KT_BOOTSTRAP_SERVER: bootstrapServers };
  const kt = (args: readonly string[], stdin: string | Buffer = ''): Promise<KtResult> => runKt(args, { program, env, stdin });

  async function read(topic: string): Promise<unknown[]> {
    const { code, stdout, stderr } = await kt(['tail', topic, '--from-beginning', '-e', '-o', 'json']);
    assert.equal(code, 0, stderr);
    return stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => {
        const { offset, topic: _, ...record } = JSON.parse(line);
        return record;
      })
      .sort((a, b) => a.timestamp - b.timestamp);
  }

  test(`${version}, ${program}: refused records are saved, and the command that kt suggests writes them`, async () => {
    const topic = `dead-letter-${randomUUID()}`;
    await kt(['topics', 'create', topic, '--partitions', '2', '--config', 'max.message.bytes=2000']);
    const records = Array.from({ length: 60 }, (_, line) => ({
      key: line % 7 === 0 ? null : `key-${line}`,
      value: randomBytes(line % 3 === 0 ? 4000 : 20).toString('base64'),
      valueEncoding: 'base64',
      headers: [
        { key: 'n', value: String(line) },
        { key: 'n', value: null },
      ],
      timestamp: yesterday + line,
    }));
    const input = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    const file = join(directory, `${randomUUID()} kept`);
    const first = await kt(['produce', topic, '-i', 'json', '--dead-letter', file], input);
    assert.equal(first.code, 3);
    assert.match(first.stderr, /^kt: 20 records are kept in /m);
    assert.match(first.stderr, /^kt: 20 of 60 records were not written/m);
    assert.equal(readFileSync(file, 'utf8').split('\n').length, 21);

    const roomier = `${topic}-roomier`;
    await kt(['topics', 'create', roomier, '--partitions', '2']);
    const named = /kt produce (\S+) (.+) --file '(.+)'$/m.exec(first.stderr)!;
    assert.equal(named[1], topic);
    const again = await kt(['produce', roomier, ...named[2]!.split(' '), '--file', named[3]!]);
    assert.equal(again.code, 0, again.stderr);
    const whole = `${topic}-whole`;
    await kt(['topics', 'create', whole, '--partitions', '2']);
    await kt(['produce', whole, '-i', 'json'], input);
    const inBoth = [...(await read(topic)), ...(await read(roomier))] as {
      timestamp: number;
      partition: number;
      key: string | null;
    }[];
    const withoutFreePartition = (list: unknown[]) =>
      (list as typeof inBoth)
        .map((record) => (record.key === null ? { ...record, partition: 0 } : record))
        .sort((a, b) => a.timestamp - b.timestamp);
    assert.deepEqual(withoutFreePartition(inBoth), withoutFreePartition(await read(whole)));
  });

  test(`${version}, ${program}: when all is written there is no file`, async () => {
    const topic = `dead-letter-${randomUUID()}`;
    await kt(['topics', 'create', topic]);
    const file = join(directory, randomUUID());
    const result = await kt(['produce', topic, '-m', 'one', '--dead-letter', file]);
    assert.equal(result.code, 0, result.stderr);
    assert.doesNotMatch(result.stderr, /kept/);
    assert.ok(!existsSync(file));
  });
}

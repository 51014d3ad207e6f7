/** What people get wrong with records: the text, the exit code, and that nothing is half done or lost. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { type KtOptions, type KtResult, kt as runKt, startKt } from '../support/kt.ts';

const clusters = await testClusters();
const programs = ['node', 'binary'] as const;

for (const [index, { version, bootstrapServers }] of clusters.entries()) {
  const program = programs[index % programs.length]!;
  const env = { KT_BOOTSTRAP_SERVER: bootstrapServers };
  const name = (story: string) => `${version}, ${program}: ${story}`;
  const kt = (args: readonly string[], options: KtOptions = {}): Promise<KtResult> => runKt(args, { program, env, ...options });

  async function newTopic(...options: readonly string[]): Promise<string> {
    const topic = `bad-input-${randomUUID()}`;
    const created = await kt(['topics', 'create', topic, ...options]);
    assert.equal(created.code, 0, created.stderr);
    return topic;
  }

  async function values(topic: string): Promise<readonly string[]> {
    const { code, stdout, stderr } = await kt(['tail', topic, '--from-beginning', '-e', '-o', 'value']);
    assert.equal(code, 0, stderr);
    return stdout.split('\n').slice(0, -1);
  }

  test(name('broken JSON on line 17 ends the input there, and says so; the 16 lines before it are written'), async () => {
    const topic = await newTopic('--partitions', '1');
    const lines = Array.from({ length: 30 }, (_, line) => JSON.stringify({ value: `v${line + 1}` }));
    lines[16] = '{"value": "v17"';
    const result = await kt(['produce', topic, '-i', 'json'], { stdin: `${lines.join('\n')}\n` });
    assert.equal(result.code, 2);
    assert.match(result.stderr, /^16 records written to /m);
    assert.match(result.stderr, /^kt: line 17: not JSON/m);
    assert.match(result.stderr, /^hint: /m);
    assert.deepEqual(
      await values(topic),
      Array.from({ length: 16 }, (_, line) => `v${line + 1}`),
    );
  });

  test(name('a line without its key separator ends the input there, and names the line'), async () => {
    const topic = await newTopic();
    const result = await kt(['produce', topic, '-K', '|'], { stdin: 'a|1\nb|2\nno key\nc|3\n' });
    assert.equal(result.code, 2);
    assert.match(result.stderr, /^kt: line 3: no key separator "\|"$/m);
    assert.deepEqual([...(await values(topic))].sort(), ['1', '2']);
  });

  test(name('only the record that is too large is refused, by its line; the others are written in order'), async () => {
    const topic = await newTopic('--partitions', '1', '--config', 'max.message.bytes=2000');
    const lines = ['first', 'second', 'x'.repeat(5000), 'fourth', 'fifth'];
    const result = await kt(['produce', topic], { stdin: `${lines.join('\n')}\n` });
    assert.equal(result.code, 3);
    assert.match(result.stderr, /^kt: line 3: writing to .*:0 \(/m);
    assert.match(result.stderr, /^kt: 1 of 5 records were not written /m);
    assert.match(result.stderr, /^hint: .*max\.message\.bytes/m);
    assert.deepEqual(await values(topic), ['first', 'second', 'fourth', 'fifth']);
  });

  test(name('a compacted topic takes no records without a key, and says what to add'), async () => {
    const topic = await newTopic('--partitions', '1', '--cleanup-policy', 'compact');
    const result = await kt(['produce', topic, '-m', 'no key']);
    assert.equal(result.code, 3);
    assert.match(result.stderr, /^kt: line 1: /m);
    assert.match(result.stderr, /^hint: .*key/m);
    assert.deepEqual(await values(topic), []);
    assert.equal((await kt(['produce', topic, '-k', 'a', '-m', 'with key'])).code, 0);
    assert.deepEqual(await values(topic), ['with key']);
  });

  test(name('an empty input writes nothing, and says that it was nothing'), async () => {
    const topic = await newTopic();
    const result = await kt(['produce', topic], { stdin: '' });
    assert.deepEqual([result.code, result.stdout], [0, '']);
    assert.match(result.stderr, /^0 records written to /);
    assert.deepEqual(await values(topic), []);
  });

  test(name('an unknown topic is refused at once, by every command, and none creates it'), async () => {
    const topic = `no-such-topic-${randomUUID()}`;
    for (const args of [
      ['produce', topic, '-m', 'x'],
      ['tail', topic, '-e'],
      ['topics', 'describe', topic],
    ]) {
      const startedAt = performance.now();
      const result = await kt([...args, '--timeout', '1m']);
      assert.equal(result.code, 3, args.join(' '));
      assert.match(result.stderr, new RegExp(`^kt: unknown topic ${topic} `, 'm'));
      assert.match(result.stderr, /^hint: /m);
      assert.equal(result.stdout, '');
      assert.ok(performance.now() - startedAt < 55_000, 'it does not retry for as long as --timeout lets it');
    }
    assert.doesNotMatch((await kt(['topics', 'list', '-o', 'name'])).stdout, new RegExp(topic));
  });

  test(name('offsets and partitions that are not there are refused before anything is read or written'), async () => {
    const topic = await newTopic('--partitions', '2');
    await kt(['produce', topic, '--partition', '0', '-m', 'one']);
    const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
      [['tail', topic, '--from', '7', '-e', '-p', '0'], 3, /offset 7 of partition .*:0 \(the partition holds 0 to 1\)/],
      [['tail', topic, '-p', '2', '-e'], 3, /topic \S+ has no partition 2 \(it has 2: 0 to 1\)/],
      [['produce', topic, '--partition', '2', '-m', 'x'], 3, /topic \S+ has no partition 2 \(it has 2: 0 to 1\)/],
      [['tail', topic, '--from', 'yesterday'], 2, /--from yesterday \(not a position\)/],
      [['tail', topic, '-n', 'ten'], 2, /--max-records ten \(not a whole number\)/],
      [['tail', topic, '--commit'], 2, /--commit needs a group/],
      [['tail', topic, '-f', '%q'], 2, /%q/],
      [['produce', topic, '--compression', 'brotli', '-m', 'x'], 2, /--compression brotli \(not one of /],
      [['produce', topic, '--acks', '2', '-m', 'x'], 2, /--acks 2 \(not one of /],
      [['produce', topic, '--file', '/no/such/file'], 2, /no file \/no\/such\/file/],
      [['produce', topic, '--file', '/'], 2, /\/ is a directory/],
      [['produce', topic, '-H', 'nothing', '-m', 'x'], 2, /--header nothing \(not key=value\)/],
    ];
    for (const [args, code, message] of cases) {
      const result = await kt(args);
      assert.equal(result.code, code, `${args.join(' ')}\n${result.stderr}`);
      assert.match(result.stderr, message);
      assert.match(result.stderr, /^hint: /m);
      assert.equal(result.stdout, '');
    }
    assert.deepEqual(await values(topic), ['one']);
  });

  test(name('a reader that has enough closes the pipe, and kt ends well'), async () => {
    const topic = await newTopic();
    await kt(['produce', topic], { stdin: `${'x'.repeat(100)}\n`.repeat(50_000) });
    const child = startKt(['tail', topic, '--from-beginning'], { program, env });
    child.stdout.once('data', () => child.stdout.destroy());
    const [code] = await once(child, 'close');
    assert.equal(code, 0);
  });

  test(name('Ctrl-C while following ends at once with 130, SIGTERM with 143'), async () => {
    const topic = await newTopic();
    await kt(['produce', topic, '-m', 'one']);
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const child = startKt(['tail', topic, '--from-beginning', '--timeout', '1m'], { program, env });
      await once(child.stdout, 'data');
      const startedAt = performance.now();
      child.kill(signal);
      const [ended] = await once(child, 'close');
      assert.equal(ended, code);
      assert.ok(performance.now() - startedAt < 55_000, 'it does not wait for --timeout');
    }
  });

  test(name('Ctrl-C while producing says nothing was lost of what was acknowledged'), async () => {
    const topic = await newTopic('--partitions', '1');
    const child = startKt(['produce', topic, '--report'], { program, env });
    child.stdin.write('one\ntwo\n');
    let reported = '';
    while (reported.split('\n').length < 3) reported += String((await once(child.stdout, 'data'))[0]);
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    assert.equal(code, 130);
    assert.deepEqual(await values(topic), ['one', 'two']);
  });
}

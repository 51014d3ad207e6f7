/** Lines of other tools are answered with lines that do the job on a real Kafka; times, partitions and keys as people write them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { kcatUnavailable } from '../support/foreign-clients.ts';
import { heldOutAgain } from '../support/foreign-later.ts';
import { foreignLines, heldOut, shellWords, typedToKt } from '../support/foreign-lines.ts';
import { asLines, ktOn, linesOf, numbers } from '../support/kt-on.ts';

const cluster = (await testClusters()).at(-1)!;
const { run, done, newTopic, values } = ktOn(cluster);
const kcat = kcatUnavailable();

/** What a plain cluster, or a machine without more than Kafka, answers to some lines; all others end with 0. */
const otherCodes: readonly (readonly [line: RegExp, code: number, why: string])[] = [
  [/^kt acls /, 3, 'no authorizer'],
  [/^kt users set /, 2, 'asks for a password'],
  [/^kt users delete alice/, 3, 'no such user'],
  [/^kt profile /, 2, 'no such profile'],
  [/--file lines|--from-file/, 2, 'no such file'],
  [/--profile cicd/, 2, 'no such profile'],
  [/delete-offsets .*:1$/, 3, 'a line before it deleted them all'],
  [/SASL_SSL/, 2, 'no SASL mechanism is named'],
];

describe('words of other tools', { concurrency: 2 }, () => {
  test('each answer does the job; kcat prints the same', async () => {
    const [orders, payments] = [await newTopic('-p', '3'), await newTopic('-p', '1')];
    const billing = `group-${randomUUID()}`;
    await done(['produce', orders, '-K', ':'], asLines(numbers(1, 30).map((number) => `${number}:v${number}`)));
    await done(['tail', orders, payments, '--group', billing, '--commit', '--from-beginning', '-e']);
    await done(['groups', 'copy', billing, `${billing}-other`, '--yes']);
    const own = (word: string): string =>
      word
        .replace(/\borders\b/, orders)
        .replace(/\bpayments\b/, payments)
        .replace(/^billing$/, billing)
        .replace(/^other$/, `${billing}-other`);
    let ran = 0;
    // Unit tests show that each of the typed lines is answered with kt's.
    for (const [typed, kt] of [...foreignLines, ...heldOut, ...heldOutAgain]) {
      // What means the same to kt, what the cluster shared by the tests must not get, and names that only exist for one line.
      if (
        !kt.startsWith('kt ') ||
        /^kt (runs|local|cluster features)| (makes|moves) |broker default|groups delete |topics (delete|create) /.test(kt)
      )
        continue;
      const words = shellWords(kt).slice(1).map(own);
      const more = words[0] === 'tail' && !words.includes('-e') ? ['--idle-timeout', '300ms'] : [];
      const answer = await run([...words, ...more, '--yes'], 'key: value\n');
      const wanted = otherCodes.find(([line]) => line.test(kt))?.[1] ?? 0;
      assert.equal(answer.code, wanted, `${typed}\n${kt}\n${answer.stderr}`);
      ran++;
      if (!kcat && typed.startsWith('kcat') && words[0] === 'tail' && words.includes('-e') && wanted === 0) {
        // Without a terminal kcat would take a line without a mode for a producer's.
        const foreign = ['-C', ...typedToKt(typed).map(own)];
        const peer = spawnSync('kcat', ['-b', cluster.bootstrapServers, ...foreign], { encoding: 'utf8' });
        assert.deepEqual(linesOf(answer.stdout).toSorted(), linesOf(peer.stdout).toSorted(), typed);
      }
    }
    assert.ok(ran > 90, String(ran));
  });

  test('what kt shows of a time and a partition, it takes back', async () => {
    const topic = await newTopic('-p', '2');
    await done(['produce', `${topic}:1`, '-m', 'first', '--timestamp', '2026-01-31T10:00:00Z']);
    await done(['produce', `${topic}:1`, '-m', 'second', '--timestamp', '2026-01-31T10:00:00.250Z']);
    const shown = await done(['tail', topic, '--from-beginning', '-e', '-o', 'pretty']);
    const time = /(\d{4}-\d\d-\d\d [\d:.]+[+-]\d\d:\d\d)(?!.*\d{4}-)/s.exec(shown)![1]!;
    assert.deepEqual(await values(`${topic}:1`, '--from', `@${time}`, '-e'), ['second']);
    assert.deepEqual(await values(topic, '--from', time, '-e'), ['second']);
    assert.deepEqual(await values(`${topic}:0`, '--from-beginning', '-e'), []);
  });

  test('one key is looked for in its partition, and kt says when it may be elsewhere', async () => {
    const topic = await newTopic('-p', '4');
    await done(['produce', topic, '-K', ':'], asLines(numbers(1, 40).map((number) => `k${number}:v${number}`)));
    const search = (...words: string[]) => run(['tail', topic, '--from-beginning', '-e', '--key-is', ...words]);
    const found = await search('k7');
    assert.deepEqual([found.code, found.stdout, found.stderr], [0, 'v7\n', '']);
    assert.match((await search('nobody')).stderr, /key nobody: no record in .*--all-partitions looks everywhere/);
    // Not all of these keys belong in the partition of k7.
    for (const partition of numbers(0, 3))
      await done(['produce', `${topic}:${partition}`, '-K', ':'], 'a:1\nb:2\nc:3\nd:4\ne:5\nk7:elsewhere\n');
    const doubtful = await search('k7');
    assert.deepEqual(linesOf(doubtful.stdout), ['v7', 'elsewhere']);
    assert.match(doubtful.stderr, /puts elsewhere; --all-partitions looks everywhere/);
    assert.equal(linesOf((await search('k7', '--all-partitions')).stdout).length, 5);
  });

  test('a tail ends when nothing came for a time, in a group too; -n that waits names --last', async () => {
    const topic = await newTopic();
    await done(['produce', topic, '-m', 'one']);
    const idle = ['--idle-timeout', '500ms'];
    assert.deepEqual(await values(topic, '--from-beginning', ...idle), ['one']);
    const group = `group-${randomUUID()}`;
    assert.deepEqual(await values(topic, '--group', group, '--commit', '--from-beginning', ...idle), ['one']);
    assert.deepEqual(await values(topic, '--group', group, '--commit', ...idle), [], 'what was read is committed');
    const waiting = await run(['tail', topic, '-n', '5', '--idle-timeout', '4s']);
    assert.match(waiting.stderr, new RegExp(`kt tail ${topic} --last 5 shows the newest`));
  });

  test('a requeue that the target refuses is not committed by kt pipe, and kt produce says that a pipe may have', async () => {
    const orders = await newTopic('-c', 'max.message.bytes=200');
    const dead = await newTopic('-p', '1', '-c', 'compression.type=uncompressed');
    const header = ['-H', `kafka_dlt-original-topic=${orders}`];
    await done(['produce', dead, ...header], asLines(['one', 'two']));
    await done(['produce', dead, ...header, '-m', 'x'.repeat(1_000)]);
    await done(['produce', dead, ...header], asLines(['four']));
    const group = `requeue-${randomUUID()}`;
    const requeue = ['pipe', dead, '--to-header', 'kafka_dlt-original-topic', '--group', group, '--from-beginning', '-e'];
    const refused = await run(requeue);
    assert.equal(refused.code, 3, refused.stderr);
    const [position] = JSON.parse(await done(['lag', group, '-o', 'json']));
    assert.ok(position.partitions[0].committedOffset <= 2, 'what was refused is still to be done');
    const lines = await done(['tail', dead, '--from-beginning', '-e', '-o', 'json']);
    const produced = await run(['produce', orders, '-i', 'json'], lines);
    assert.equal(produced.code, 3);
    assert.match(produced.stderr, /--dead-letter FILE keeps such records; kt pipe --group commits only what was written/);
    await done(['topics', 'alter', orders, '-c', 'max.message.bytes=10kB']);
    await done(requeue);
    assert.ok((await values(orders)).some((value) => value.length === 1_000));
    const unknown = await run(['produce', `${orders}-none`, '-m', 'x']);
    assert.match(unknown.stderr, new RegExp(`hint: .*kt topics create ${orders}-none creates it`));
  });

  test('a wait says nothing is there yet, and ends when it is; totals and summaries of lag', async () => {
    const topic = await newTopic('-p', '2');
    const group = `group-${randomUUID()}`;
    await done(['tail', topic, '--group', group, '--commit', '--from-beginning', '-e']);
    await done(['produce', `${topic}:0`], asLines(numbers(1, 3)));
    await done(['produce', `${topic}:1`], asLines(numbers(1, 4)));
    assert.equal((await run(['lag', group, '--max-lag', '4'])).code, 0);
    const total = await run(['lag', group, '--max-total-lag', '6']);
    assert.equal(total.code, 1);
    assert.match(total.stderr, /lags 7 in total, more than 6/);
    const [row] = JSON.parse(await done(['lag', group, '--summary', '-o', 'json']));
    assert.deepEqual(
      [row.lag, row.highestLag, row.partitionsBehind, row.partitionCount, row.partitions],
      [7, 4, 2, 2, undefined],
    );
    const away = await run(['cluster', 'health', '--wait', '1500ms', '-b', '127.0.0.1:1']);
    assert.equal(away.code, 4);
  });

  test('a topic is made like another, listed with what it holds, and applied from a file as an argument', async () => {
    const model = await newTopic('-p', '3', '--cleanup-policy', 'compact', '-c', 'segment.ms=1h');
    await done(['produce', model, '-k', 'k', '-m', 'v']);
    const like = await newTopic('--like', model, '-c', 'segment.ms=2h');
    const [made] = JSON.parse(await done(['topics', 'describe', like, '-o', 'json']));
    assert.equal(made.partitions.length, 3);
    const set = (name: string) => made.configs[name].value;
    assert.deepEqual([set('cleanup.policy'), set('segment.ms')], ['compact', '7200000']);
    assert.match(
      await done(['topics', 'list', model, '-o', 'wide']),
      new RegExp(`^${model} +3 +1 +false +1 +\\S+.* +compact +7d$`, 'm'),
    );
    assert.deepEqual(JSON.parse(await done(['topics', 'list', model, '--columns', 'records,cleanup-policy', '-o', 'jsonl'])), {
      records: 1,
      cleanupPolicy: 'compact',
    });
    assert.equal((await run(['topics', 'create', `${model}-2`, '--like', `${model}-none`])).code, 3);
    const yaml = `topics: [{ name: ${model}, partitions: 5 }]`;
    const drift = await run(['topics', 'apply', '-', '--check', '-o', 'markdown'], yaml);
    assert.equal(drift.code, 1);
    assert.match(drift.stdout, /### Plan: 1 difference\n(?:.|\n)*\| \\~ change \|.*\| partitions \| 3 \| 5 \|/);
  });
});

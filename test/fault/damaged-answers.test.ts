/** Answers that a network, a proxy or a broker damaged on their way: kt does what was asked all the same, or says what happened. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { type KtResult, kt as runKt, startKt } from '../support/kt.ts';
import { asLines, ktOn, linesOf, numbers } from '../support/kt-on.ts';
import { type Damage, damaging, type TestServer } from '../support/servers.ts';
import { until } from '../support/until.ts';

/** Of a whole answer, which begins with its size. */
const damages: Readonly<Record<string, Damage>> = {
  'the correlation id of the next answer': (answer) => patched(answer, 4, answer.readInt32BE(4) + 1),
  'a correlation id from nowhere': (answer) => patched(answer, 4, answer.readInt32BE(4) ^ 0x40000000),
  'no size': (answer) => patched(answer, 0, 0),
  'a size too small for a correlation id': (answer) => patched(answer, 0, 3),
  'a negative size': (answer) => patched(answer, 0, -1),
  'a size of 2 GiB': (answer) => patched(answer, 0, 0x7fffffff),
  'a byte too few': (answer) => patched(answer, 0, answer.readInt32BE(0) + 1),
  'a byte too many': (answer) => patched(answer, 0, answer.readInt32BE(0) - 1),
  'half of it, and the end': (answer, socket) => socket.end(answer.subarray(0, answer.length >> 1)),
  'half of it, and a reset': (answer, socket) => {
    socket.write(answer.subarray(0, answer.length >> 1), () => socket.resetAndDestroy());
  },
  'the end instead': (_, socket) => socket.end(),
  'it in single bytes': (answer, socket) => {
    for (const byte of answer.subarray(0, 2_000)) socket.write(Buffer.of(byte));
    socket.write(answer.subarray(2_000));
  },
};

function patched(answer: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(answer);
  copy.writeInt32BE(value, at);
  return copy;
}

const { version, bootstrapServers } = (await testClusters()).at(-1)!;
const port = Number(bootstrapServers.split(':').at(-1));
const direct = ktOn({ bootstrapServers }, 'binary');

/** Runs through a server that damages the answer with this number, counted over all connections; returns how many there were. */
async function through<T>(
  number: number,
  damage: Damage,
  work: (options: readonly string[]) => Promise<T>,
): Promise<[T, number]> {
  let answers = 0;
  const server = await damaging(port, (answer, socket) => (answers++ === number ? damage(answer, socket) : answer));
  try {
    return [await work(viaServer(server, number < 0 ? '1m' : '2s')), answers];
  } finally {
    await server.close();
  }
}

/** @param timeout short where an answer is lost, since it is waited for so long */
function viaServer({ address }: TestServer, timeout = '2s'): readonly string[] {
  return ['-b', address, '--address-map', `localhost:${port}=${address}`, '--timeout', timeout];
}

/** One of each kind; reading one topic gets them all. */
const few = [
  'the correlation id of the next answer',
  'a negative size',
  'a byte too few',
  'half of it, and the end',
  'it in single bytes',
];

/** Damages each answer that a run gets in several ways, a few runs at a time. */
async function everyDamage(
  run: (number: number, damage: Damage, name: string) => Promise<void>,
  count: number,
  names: readonly string[] = few,
): Promise<void> {
  const jobs = names.flatMap((name) =>
    Array.from({ length: count }, (_, number) => () => run(number, damages[name]!, `${name}, answer ${number}`)),
  );
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      for (let job = jobs.shift(); job; job = jobs.shift()) await job();
    }),
  );
}

const none: Damage = (answer) => answer;

/** What was shown, except a group's state: if the broker's list of groups was lost, only offsets prove that the group exists. */
function told({ stdout }: KtResult): string {
  return stdout.replace(/"state": "(Empty|Unknown)"/, '').replace(/"coordinator": -?1/, '');
}

/** Whether it was done; if not, kt reported a failed connection or a refusal. */
function isDone({ code, signal, stderr }: KtResult, name: string): boolean {
  assert.equal(signal, null, name);
  if (code === 0) return true;
  assert.ok(code === 3 || code === 4, `${name}: exit code ${code}\n${stderr}`);
  assert.match(
    stderr,
    /^(kt: .+ \(.+\)|\{"error":\{"kind":"(connection|refused)",.*"message":".+ \(.+\)")/m,
    `${name}\n${stderr}`,
  );
  return false;
}

describe(`damaged answers of Kafka ${version}`, () => {
  const topic = `topic-${randomUUID()}`;
  const values = numbers(1, 3000).map((number) => number.padStart(300, '.'));
  const group = `group-${randomUUID()}`;
  let directory: string;
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'kt-damaged-'));
    await direct.done(['topics', 'create', topic, '--partitions', '3']);
    await direct.done(['produce', topic, '--key-separator', '.'], asLines(values));
    await direct.done(['groups', 'reset-offsets', group, '--topic', topic, '--to', 'beginning', '--execute']);
  });
  after(() => rmSync(directory, { recursive: true }));

  for (const words of [
    ['topics', 'list', topic, '-o', 'json'],
    ['lag', group, '-o', 'json'],
    ['topics', 'describe', topic, '-o', 'json'],
  ]) {
    test(`kt ${words[0]} ${words[1]!.replace(group, 'GROUP')} tells what is, or that it cannot`, async () => {
      const run = (options: readonly string[]) => runKt([...words, ...options], { program: 'binary' });
      const [whole, answers] = await through(-1, none, run);
      assert.equal(whole.code, 0, whole.stderr);
      await everyDamage(async (number, damage, name) => {
        const [result] = await through(number, damage, run);
        if (isDone(result, name)) assert.equal(told(result), told(whole), name);
      }, answers);
    });
  }

  test('kt tail prints each record at most once, and all of them or what happened', async () => {
    const run = (options: readonly string[]) =>
      runKt(['tail', topic, '--from-beginning', '-e', '-o', 'json', ...options], { program: 'binary' });
    const [whole, answers] = await through(-1, none, run);
    const expected = new Set(linesOf(whole.stdout));
    assert.equal(expected.size, values.length);
    await everyDamage(
      async (number, damage, name) => {
        const [result] = await through(number, damage, run);
        const lines = linesOf(result.stdout);
        assert.equal(new Set(lines).size, lines.length, name);
        assert.ok(
          lines.every((line) => expected.has(line)),
          name,
        );
        if (isDone(result, name)) assert.equal(lines.length, values.length, name);
      },
      answers,
      Object.keys(damages),
    );
  });

  test('kt tail that follows continues with the next record, or says what happened', async (t) => {
    for (const [name, damage] of Object.entries(damages)) {
      const own = await direct.newTopic();
      let armed = false;
      const server = await damaging(port, (answer, socket) => {
        if (!armed || answer.length < 500) return answer;
        armed = false;
        return damage(answer, socket);
      });
      const child = startKt(['tail', own, '--from-beginning', '-o', 'value', ...viaServer(server)], { program: 'binary' });
      t.after(() => child.kill('SIGKILL'));
      let [stdout, stderr] = ['', ''];
      child.stdout.on('data', (chunk) => {
        stdout += chunk;
      });
      child.stderr.on('data', (chunk) => {
        stderr += chunk;
      });
      const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
      await direct.done(['produce', own], asLines(values.slice(0, 10)));
      await until(() => linesOf(stdout).length === 10, `${name}: the first records`);
      armed = true;
      await direct.done(['produce', own], asLines(values.slice(10, 20)));
      await until(() => linesOf(stdout).length >= 20 || child.exitCode !== null, `${name}: the next records\n${stderr}`);
      child.kill('SIGINT');
      const code = await ended;
      const lines = linesOf(stdout);
      if (code === 130) assert.deepEqual(lines, values.slice(0, 20), name);
      else {
        assert.ok(isDone({ code, signal: null, stdout, stderr, stdoutBytes: Buffer.alloc(0) }, name) === false, name);
        assert.deepEqual(lines, values.slice(0, lines.length), name);
      }
      await server.close();
    }
  });

  test('kt produce writes each record once, or keeps it and says so', async () => {
    const run = (target: string, letters: string) => (options: readonly string[]) =>
      runKt(['produce', target, '--dead-letter', letters, '--key-separator', '.', ...options], {
        program: 'binary',
        stdin: asLines(values),
      });
    const newTarget = () => direct.newTopic('--partitions', '3');
    const [, answers] = await through(-1, none, run(await newTarget(), join(directory, 'none')));
    await everyDamage(async (number, damage, name) => {
      const [target, letters] = [await newTarget(), join(directory, randomUUID())];
      const [result] = await through(number, damage, run(target, letters));
      const written = await direct.values(target);
      assert.equal(new Set(written).size, written.length, `${name}: a record twice`);
      if (isDone(result, name)) assert.equal(written.length, values.length, name);
      else {
        const kept = (existsSync(letters) ? linesOf(readFileSync(letters)) : []).map((line) => JSON.parse(line).value);
        const all = new Set([...written, ...kept]);
        // What fails before the first record leaves the input unread.
        assert.ok(all.size === values.length || all.size === 0, `${name}: ${all.size} records\n${result.stderr}`);
      }
    }, answers);
  });

  test('kt tail in a group commits nothing that it did not print', async () => {
    const read = (own: string) => (options: readonly string[]) =>
      runKt(['tail', topic, '--group', own, '--commit', '--from-beginning', '-e', '-o', 'json', ...options], {
        program: 'binary',
      });
    const [whole, answers] = await through(-1, none, read(`group-${randomUUID()}`));
    const expected = new Set(linesOf(whole.stdout));
    assert.equal(expected.size, values.length);
    await everyDamage(async (number, damage, name) => {
      const own = `group-${randomUUID()}`;
      const [first] = await through(number, damage, read(own));
      isDone(first, name);
      const { stdout, stderr, code } = await read(own)(['-b', bootstrapServers]);
      assert.equal(code, 0, `${name}\n${stderr}`);
      const all = [...linesOf(first.stdout), ...linesOf(stdout)];
      assert.deepEqual(new Set(all), expected, name);
    }, answers);
  });
});

/** Long work on a terminal shows a moving bar that leaves nothing behind, or a note that kt waits; in a pipe neither. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { testClusters } from '../support/clusters.ts';
import { programs } from '../support/kt.ts';
import { asLines, ktOn, numbers } from '../support/kt-on.ts';
import { openTerminal, terminalUnavailable } from '../support/terminal.ts';

const cluster = (await testClusters()).at(-1)!;
const terminal = openTerminal();
const folder = mkdtempSync(join(tmpdir(), 'kt-progress-'));
const bar = /[█░]{24} +\d+% {2}.+\/s {2}\d+s left/;

after(() => {
  terminal.close();
  rmSync(folder, { recursive: true });
});

describe('on a terminal', { skip: terminalUnavailable, timeout: 240_000 }, () => {
  for (const program of ['node', 'binary'] as const) {
    const { run, newTopic } = ktOn(cluster, program);
    const kt = `KT_BOOTSTRAP_SERVER=${cluster.bootstrapServers} ${programs[program].map((word) => `'${word}'`).join(' ')}`;

    test(`${program}: writing a file shows a progress bar, which is gone at the end`, async () => {
      const topic = await newTopic();
      const file = join(folder, `${topic}.txt`);
      writeFileSync(file, asLines(numbers(1, 60_000)));
      const seen = new Set<boolean>();
      const look = (screen: string) => void seen.add(bar.test(screen));
      const end = await terminal.watch(`${kt} produce ${topic} --file ${file} --rate 40000/s`, look);
      assert.ok(seen.has(true), 'the bar was there');
      assert.match(end, /^60,000 records written to /m);
      assert.doesNotMatch(end, /[█░]/);
      const { code, stderr } = await run(['produce', topic, '--file', file, '--rate', '100000/s']);
      assert.equal(code, 0);
      assert.doesNotMatch(stderr, /[█░]/, 'none in a pipe');
    });

    test(`${program}: reading to the end into a slow pipe shows a bar, records on the screen do not`, async () => {
      const topic = await newTopic('--partitions', '2');
      await run(['produce', topic], asLines(numbers(1, 300_000)));
      const seen = new Set<boolean>();
      const look = (screen: string) => void seen.add(bar.test(screen));
      const slowly = `(sleep 1; cat) | tail -n 1`;
      const end = await terminal.watch(`${kt} tail ${topic} --from-beginning -e -o json | ${slowly}`, look);
      assert.ok(seen.has(true), 'the bar was there');
      assert.doesNotMatch(end, /[█░]/);
      const shown = await terminal.watch(`${kt} tail ${topic} --from-beginning -n 5`, (screen) =>
        assert.doesNotMatch(screen, /[█░]/),
      );
      assert.match(shown, /code=0/);
      // The bar may be too quick to be seen here; what was found is said.
      const found = await terminal.screenOf(`${kt} tail ${topic} --from-beginning -e --value '^(7|8)$' -o line`);
      assert.match(found, /2 of 300,000 records matched/);
      assert.doesNotMatch(found, /[█░]/);
      const { stderr } = await run(['tail', topic, '--from-beginning', '-e', '--value', '^7$']);
      assert.equal(stderr, '', 'nothing of that in a pipe');
    });

    test(`${program}: when no record comes for a while, kt says that it waits`, async () => {
      const topic = await newTopic();
      const end = await terminal.screenOf(
        `timeout -s INT 5 ${kt.replace(/^\S+ /, (setting) => `env ${setting}`)} tail ${topic}`,
      );
      assert.match(end.replaceAll('\n', ''), new RegExp(`waiting for new records of ${topic} \\(Ctrl-C ends\\)`));
    });
  }

  test('a pipe that follows shows how much is written, how fast, and what is left, and at its end the sum', async () => {
    const { run, newTopic } = ktOn(cluster, 'binary');
    const [source, copy] = [await newTopic(), await newTopic()];
    await run(['produce', source], asLines(numbers(1, 4_000)));
    const settings = `timeout -s INT 6 env KT_BOOTSTRAP_SERVER=${cluster.bootstrapServers}`;
    const seen: string[] = [];
    const end = await terminal.watch(
      `${settings} ${programs.binary.join(' ')} pipe ${source} ${copy} --from-beginning --rate 200/s`,
      (screen) => seen.push(...(/[\d,]+ records written, [\d,]+\/s, [\d,]+ to read/.exec(screen) ?? [])),
    );
    assert.ok(seen.length > 0, 'it was shown');
    assert.doesNotMatch(end, /to read/, 'it is gone');
    assert.match(end, /interrupted: [\d,]+ records read, [\d,]+ written/);
  });
});

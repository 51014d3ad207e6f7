/** Three brokers restart one after the other while kt watches, serves and waits on lag: it continues, and never shows a wrong lag. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { brokenCluster } from '../support/clusters.ts';
import { commitOffsets } from '../support/group-offsets.ts';
import { opener } from '../support/group-readers.ts';
import { ktOn, linesOf } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

interface Row {
  readonly topic: string;
  readonly partition: number;
  readonly lag: number | null;
  readonly status?: string;
}

const partitions = 6;

// Each has a cluster of its own.
describe('rolling restarts', { concurrency: true }, () => {
  for (const [version, program] of [
    ['4.3.1', 'node'],
    ['3.7.0', 'binary'],
  ] as const) {
    test(`${version}, ${program}: a rolling restart is no false alarm and no false ok`, { timeout: 500_000 }, async (t) => {
      const cluster = await brokenCluster(version);
      const { run, done, start, newTopic } = ktOn(cluster, program);
      const topic = await newTopic(
        '--partitions',
        String(partitions),
        '--replication-factor',
        '3',
        '--config',
        'min.insync.replicas=2',
      );
      for (let partition = 0; partition < partitions; partition++)
        await done(['produce', topic, '--partition', String(partition)], 'x\n'.repeat(5));
      const kafka = await opener(cluster.bootstrapServers)();
      const all = (offset: number) => Object.fromEntries(Array.from({ length: partitions }, (_, index) => [index, offset]));
      const suffix = randomUUID();
      const behind = await commitOffsets(kafka, `behind-${suffix}`, topic, all(3));
      const caughtUp = await commitOffsets(kafka, `done-${suffix}`, topic, all(5));
      await kafka.close();

      const watch = start(t, ['lag', behind, '--watch', '500ms']);
      const watched: Buffer[] = [];
      watch.child.stdout.on('data', (chunk) => watched.push(chunk));
      const samples = (): { groups: { partitions: Row[] }[]; errors: unknown[] }[] =>
        linesOf(Buffer.concat(watched)).map((line) => JSON.parse(line));
      const waiter = start(t, ['lag', behind, '--max-lag', '1', '--wait', '--for', '10m', '--interval', '300ms']);
      const server = start(t, ['lag', behind, caughtUp, '--seconds', '--serve', '0']);
      let said = '';
      server.child.stderr.on('data', (chunk) => {
        said += chunk;
      });
      await until(() => /http:\S+/.test(said) && samples().length > 0, 'it serves and watches');
      const url = /http:\S+/.exec(said)![0];

      let restarting = true;
      t.after(() => {
        restarting = false;
      });
      const scrapes: string[] = [];
      const gates: { code: number | null; stderr: string }[] = [];
      const scraping = (async () => {
        for (; restarting; await delay(300)) {
          const answer = await fetch(url);
          assert.equal(answer.status, 200);
          scrapes.push(await answer.text());
        }
      })();
      const gating = (async () => {
        while (restarting) gates.push(await run(['lag', caughtUp, '--max-lag', '0', '--wait', '--for', '60s']));
      })();
      // One group by its name, two by a pattern, and all there are of the topic.
      const questions = [[behind], [`*-${suffix}`], ['--all', '--topic', topic]];
      const answers: { asked: readonly string[]; code: number | null; stdout: string; stderr: string }[] = [];
      const asking = (async () => {
        for (let at = 0; restarting; at++) {
          const asked = questions[at % questions.length]!;
          answers.push({ asked, ...(await run(['lag', ...asked, '-o', 'json'])) });
        }
      })();
      const judging = run(['lag', caughtUp, behind, '--fail-if-growing', '--for', '12s', '--interval', '1s']);

      for (const id of [1, 2, 3]) {
        await cluster.stopNode(id);
        await delay(1_000);
        await cluster.startNode(id);
        await delay(1_000);
      }
      restarting = false;
      await Promise.all([scraping, gating, asking]);

      // No false alarm.
      const judged = await judging;
      assert.equal(judged.code, 0, judged.stderr);
      for (const { code, stderr } of gates) assert.equal(code, 0, stderr);
      // What was shown was right.
      const rows = samples().flatMap(({ groups }) => groups.flatMap((group) => group.partitions));
      assert.ok(rows.length > 0);
      for (const row of rows) {
        assert.ok(row.lag === 2 || (row.lag === null && row.status === 'unavailable'), JSON.stringify(row));
      }
      for (const text of scrapes) {
        const told = [...text.matchAll(/^kafka_consumergroup_group_lag\{[^}]*group="([^"]+)"[^}]*\} (\d+)$/gm)];
        for (const [line, group, lag] of told) assert.equal(Number(lag), group === behind ? 2 : 0, line);
      }
      for (const { asked, code, stdout, stderr } of answers) {
        const groups: { group: string; partitions: Row[] }[] = stdout === '' ? [] : JSON.parse(stdout);
        const told = groups.flatMap(({ group, partitions }) => partitions.map((row) => ({ group, ...row })));
        // An incomplete answer says so, with the exit code of a cluster that cannot be reached.
        const whole = partitions * (asked[0] === behind ? 1 : 2);
        assert.ok(code === 0 ? told.length === whole : code === 4, `kt lag ${asked.join(' ')}: ${code}: ${stdout}${stderr}`);
        for (const { group, lag, status } of told) {
          const right = group === behind ? 2 : 0;
          assert.ok(lag === right || (code === 4 && lag === null && status === 'unavailable'), `${group}: ${stdout}`);
        }
      }
      t.diagnostic(`${answers.length} answers, ${answers.filter(({ code }) => code !== 0).length} of them errors`);
      t.diagnostic(
        `${samples().length} samples, ${samples().filter(({ errors }) => errors.length > 0).length} with errors; ${scrapes.length} scrapes; ${gates.length} gates`,
      );
      // No false ok, and no end.
      assert.equal(waiter.child.exitCode, null);
      const count = samples().length;
      await until(() => samples().length > count && samples().at(-1)!.errors.length === 0, 'watching goes on');
      const again = await opener(cluster.bootstrapServers)();
      await commitOffsets(again, behind, topic, all(5));
      await again.close();
      assert.equal((await waiter.ended).code, 0);
      await until(
        async () => /^kafka_consumergroup_group_lag\{.*group="behind.*\} 0$/m.test(await (await fetch(url)).text()),
        'served',
      );
      for (const { child, ended } of [watch, server]) {
        child.kill('SIGINT');
        assert.equal((await ended).code, 130);
      }
    });
  }
});

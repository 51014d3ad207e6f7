/** The jobs of examples/ci do what they say: their steps are taken out of the files and run as they stand. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { testClusters } from '../support/clusters.ts';
import { runScript } from '../support/examples.ts';
import { asLines, ktOn, numbers } from '../support/kt-on.ts';
import { until } from '../support/until.ts';

const folder = join(import.meta.dirname, '../../examples/ci');
const cluster = (await testClusters()).at(-1)!;
const { run, done, start } = ktOn(cluster, 'binary');
const read = (name: string) => parse(readFileSync(join(folder, name), 'utf8'));

interface Step {
  readonly name?: string;
  readonly run?: string;
}

/** The lines of a job, or of the step of it that is named so. */
function githubJob(job: string, step = /./): string {
  const steps: readonly Step[] = read('github.yml').jobs[job].steps;
  return steps.flatMap(({ name = '', run }) => (run !== undefined && step.test(name) ? run : [])).join('\n');
}

function gitlabJob(job: string): string {
  return read('gitlab.yml')[job].script.join('\n');
}

test('a job keeps topics as git has them, waits for a group, and fails on drift and on growing lag', async (t) => {
  const group = `group-${randomUUID()}`;
  const place = mkdtempSync(join(tmpdir(), 'kt-ci-'));
  t.after(() => rmSync(place, { recursive: true }));
  const summary = join(place, 'summary.md');
  const env = { TOPICS: join(folder, 'topics.yaml'), GROUP: group, WATCH: '3s', GITHUB_STEP_SUMMARY: summary };
  // As GitHub runs a step, and GitLab the lines of a job.
  const job = (lines: string) => runScript(t, ['-eo', 'pipefail', '-c', lines], { cluster, program: 'binary', env });
  const passes = async (lines: string) => {
    const { code, output } = await job(lines);
    assert.equal(code, 0, `${lines}\n${output}`);
    return output;
  };
  const topics = async () => (await done(['topics', 'list', 'shop.*', '-o', 'name'])).trim().split('\n');
  t.after(() => run(['topics', 'delete', 'shop.*', '--yes', '--if-exists']));

  // A pull request shows what it would do, and does nothing.
  await passes(githubJob('plan'));
  assert.match(readFileSync(summary, 'utf8'), /2 differences[\s\S]*shop\.orders[\s\S]*shop\.refunds/);
  assert.deepEqual(await topics(), ['']);
  await passes(githubJob('deploy', /^Make the topics/));
  assert.deepEqual(await topics(), ['shop.orders', 'shop.refunds']);

  // A deployment whose consumer keeps up passes, whichever CI runs it.
  await done(['produce', 'shop.orders'], asLines(numbers(1, 500)));
  const consumer = start(t, ['tail', 'shop.orders', '--group', group, '--commit', '--from-beginning']);
  await until(async () => (await run(['lag', group, '--max-lag', '0'])).code === 0, 'the group has read everything');
  await passes(githubJob('deploy'));
  assert.match(readFileSync(summary, 'utf8'), new RegExp(`### Lag: ok[\\s\\S]*${group}.*lag 0`));

  // A change by hand is drift until the next deployment mends it.
  await done(['topics', 'alter', 'shop.orders', '--retention', '1h']);
  await until(async () => (await job(githubJob('drift'))).code === 1, 'the drift is seen');
  const drift = await job(gitlabJob('drift'));
  assert.equal(drift.code, 1);
  assert.match(drift.output, /1 topic differs from the files: shop\.orders/);
  await passes(gitlabJob('plan'));
  await Promise.all([runs(t, 'check.sh'), passes(gitlabJob('deploy'))]);
  await passes(githubJob('drift'));

  // A consumer that has died while records come.
  consumer.child.kill('SIGTERM');
  await consumer.ended;
  start(t, ['produce', 'shop.orders', '--count', '100000', '--rate', '200/s', '-q']);
  const growth = await job(githubJob('deploy', /^Fail if/));
  assert.equal(growth.code, 1, growth.output);
  assert.match(growth.output, new RegExp(`group ${group} falls behind .*(stopped|stalled)`));

  async function runs(during: TestContext, script: string): Promise<void> {
    const { code, output } = await runScript(during, [join(folder, script)], { cluster, program: 'binary', env });
    assert.equal(code, 0, output);
  }
});

/** `kt doctor`: the way to a cluster and what is behind it, looked at step by step. */
import { usageError } from '../base/errors.ts';
import { isPattern } from '../base/name-pattern.ts';
import { flag, option, optionalArgument } from '../cli/define.ts';
import { text } from '../cli/options.ts';
import type { LinesShape, Tone } from '../cli/shape.ts';
import { wrap } from '../cli/wrap.ts';
import { command } from '../context.ts';
import { comfort, verdictOn } from '../core/doctor/conclusion.ts';
import { diagnose } from '../core/doctor/diagnose.ts';
import { type Finding, steps, type Verdict } from '../core/doctor/finding.ts';

/** Findings as they come, and at the end all of them. */
interface Report extends AsyncIterable<readonly Finding[]> {
  readonly findings: readonly Finding[];
}

const marks: Readonly<Record<Verdict, readonly [text: string, tone: Tone]>> = {
  ok: ['ok    ', 'good'],
  warn: ['warn  ', 'warn'],
  fail: ['fail  ', 'bad'],
  skipped: ['skip  ', 'dim'],
};
/** Where the text begins, after the mark and the name of the step. */
const indent = 20;
const lineWidth = 80;

/** Twice the consumer's default of auto.commit.interval.ms, and a little. */
const watchMs = 12_000;

const shows: LinesShape<Finding> = {
  kind: 'lines',
  isArray: true,
  mark: ({ verdict }) => marks[verdict],
  text: findingText,
  json: ({ step, target, verdict, found, why, cure, ms }) => ({ step, target, verdict, found, why, cure, ms }),
  problems: (report) => {
    const error = verdictOn((report as Report).findings);
    return error ? [error] : [];
  },
  fields: {
    step: steps.join(', '),
    target: 'what was looked at: an address, a broker, a topic',
    verdict:
      'ok, warn (works, but should be looked at), fail, or skipped (a step before it failed, or the cluster does not tell)',
    found: 'what was found',
    why: 'what is behind it; absent where nothing is wrong',
    cure: 'what to do about it; absent where nothing is wrong',
    ms: 'how long the step took, in milliseconds',
  },
};

export const doctor = command({
  name: 'doctor',
  summary: 'Find out why a cluster cannot be reached, or does not work',
  description: [
    'Checks the way to a cluster step by step, and says for each step what was found, why, and what to do: settings and where each comes from (secrets are hidden), names, sockets, proxy, TLS, protocol and user of each bootstrap server; then at the cluster: every advertised listener from here, controller, clocks, replicas, disks, permissions. A step whose precondition failed is skipped. The last line says what to fix first.',
    'With a topic, its oldest and newest records are read. With --group, kt looks for what causes the lag: an open transaction, a partition without a reader, a member that makes no progress (a group with lag is watched for 12 s). Nothing is changed, except for one record that --write writes to the topic.',
    'Exit code 1 when something has to be fixed, 4 when there is no way in, 2 when the settings themselves are wrong; warnings alone are 0.',
  ].join('\n\n'),
  args: { topic: optionalArgument('topic', 'a topic to read', { complete: 'topic' }) },
  options: {
    group: option('--group <group>', 'find out what causes the lag of this group', text, { complete: 'group' }),
    write: flag('--write', 'write a test record to the topic, with key kt-doctor, and read it back'),
  },
  shows,
  examples: [
    { line: 'kt doctor', does: 'find out why the cluster cannot be reached, or what is wrong with it' },
    { line: 'kt doctor orders --group billing', does: 'find out why a group makes no progress on a topic' },
    { line: 'kt doctor orders --write', does: 'check that records are taken, too' },
    { line: 'kt doctor -o json -q', does: 'in a script: every step, and an exit code' },
  ],
  run(context, { topic }, { group, write }): Report {
    if (topic !== undefined && isPattern(topic)) throw usageError(`${topic} (a pattern)`, 'give the name of one topic');
    if (write && topic === undefined) throw usageError('--write without a topic', 'kt doctor TOPIC --write');
    const { cluster, givenSettings: given, settings, signal, note, trace } = context;
    const findings: Finding[] = [];
    const patient = { given, settings, connect: cluster, signal, trace, topic, group, write, watchMs };
    return {
      findings,
      async *[Symbol.asyncIterator]() {
        const progress = context.progress('looking');
        try {
          for await (const finding of diagnose(patient)) {
            findings.push(finding);
            yield [finding];
          }
        } finally {
          progress.stop();
        }
        if (!verdictOn(findings)) note(comfort(findings));
      },
    };
  },
});

/** `api-versions  localhost:9092: …`, then why and what to do, wrapped and indented. */
function findingText({ step, target, found, why, cure }: Finding): string {
  const block = (words: string) => wrap(words, lineWidth - indent).join(`\n${' '.repeat(indent)}`);
  const whole = found.includes(target) ? found : `${target}: ${found}`;
  const parts = [whole, ...(why ? [`Why: ${why}`] : []), ...(cure ? [`Cure: ${cure}`] : [])];
  return `${step.padEnd(indent - marks.ok[0].length)}${parts.map(block).join(`\n${' '.repeat(indent)}`)}`;
}

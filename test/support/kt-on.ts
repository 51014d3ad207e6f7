/** kt on one of the test clusters, with the test's own topics. */
import assert from 'node:assert/strict';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { TestCluster } from './clusters.ts';
import { type KtOptions, type KtResult, type Program, kt as runKt, startKt, wanted } from './kt.ts';

export interface KtOn {
  /** Runs kt to its end. */
  run(args: readonly string[], stdin?: string | Buffer): Promise<KtResult>;
  /** Runs kt, which must end with 0; returns its stdout. */
  done(args: readonly string[], stdin?: string | Buffer): Promise<string>;
  /** Starts kt; it is ended with the test. */
  start(during: Pick<TestContext, 'after'>, args: readonly string[]): Started;
  /** Creates a topic and returns its name. That is no test of kt, so it is the quicker program that does it. */
  newTopic(...options: readonly string[]): Promise<string>;
  /** The values of all records of a topic, or of those that further options of `tail` choose. */
  values(topic: string, ...options: readonly string[]): Promise<string[]>;
}

export interface Started {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves once its streams were read to their end. */
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
}

/** Options for topics with old timestamps, which retention could delete at any time. */
export const keptForever = ['--retention', '-1'] as const;

export function ktOn(
  {
    bootstrapServers,
    program: usual = wanted('binary'),
    timeout,
  }: Pick<TestCluster, 'bootstrapServers'> & Partial<Pick<TestCluster, 'program' | 'timeout'>>,
  program: Program = usual,
): KtOn {
  const options: KtOptions = { program, env: { KT_BOOTSTRAP_SERVER: bootstrapServers, ...(timeout && { KT_TIMEOUT: timeout }) } };
  const run: KtOn['run'] = (args, stdin = '') => runKt(args, { ...options, stdin });
  const done: KtOn['done'] = async (args, stdin) => {
    const { code, stdout, stderr } = await run(args, stdin);
    assert.equal(code, 0, `kt ${args.join(' ')}\n${stderr}`);
    return stdout;
  };
  return {
    run,
    done,
    start(during, args) {
      const child = startKt(args, options);
      during.after(() => child.kill('SIGKILL'));
      // It is no error if kt ends before it has read its input.
      child.stdin.on('error', () => {});
      let stderr = '';
      child.stderr.on('data', (chunk) => {
        stderr += chunk;
      });
      const ended = new Promise<{ code: number | null; stderr: string }>((resolve) => {
        child.on('close', (code) => resolve({ code, stderr }));
      });
      return { child, ended };
    },
    async newTopic(...words) {
      const topic = `topic-${randomUUID()}`;
      const args = ['topics', 'create', topic, ...words];
      const { code, stderr } = await runKt(args, { ...options, program: wanted('binary') });
      assert.equal(code, 0, `kt ${args.join(' ')}\n${stderr}`);
      return topic;
    },
    async values(topic, ...words) {
      const range = words.length > 0 ? words : ['--from-beginning', '-e'];
      return linesOf(await done(['tail', topic, '-o', 'value', ...range]));
    },
  };
}

/** The lines of a text that ends with a newline. */
export function linesOf(text: string | Buffer): string[] {
  return text.toString().split('\n').slice(0, -1);
}

/** The numbers from `from` to `to`, both included, as text. */
export function numbers(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
}

/** Values as input for `kt produce`. */
export function asLines(values: readonly string[]): string {
  return values.map((value) => `${value}\n`).join('');
}

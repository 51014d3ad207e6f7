/** What must work wherever kt is installed, by whatever package. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { BareMachine } from './bare-machine.ts';

export const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
  version: string;
};

export interface InstalledOptions {
  /** Folders of the PATH besides the prefix's bin, such as Node's for the npm package. */
  readonly paths?: readonly string[];
  /** Bash's completions, if the package has them as a file. */
  readonly completion?: string;
  readonly bootstrapServers: string;
  /** On that cluster. */
  readonly topic: string;
}

/**
 * kt says its version, has its manual, completes in bash, and lists the topics of a real broker.
 *
 * @param prefix has bin/kt and share/man
 */
export async function assertInstalled(
  machine: BareMachine,
  prefix: string,
  { paths = [], completion, bootstrapServers, topic }: InstalledOptions,
): Promise<void> {
  const path = { paths: [join(prefix, 'bin'), ...paths] };
  const done = async (command: readonly string[]) => {
    const { code, stdout, stderr } = await machine.run(command, path);
    assert.deepEqual([code, stderr], [0, ''], command.join(' '));
    return stdout;
  };
  assert.equal(await done(['kt', '--version']), `kt ${version}\n`);
  const page = (await done(['man', '-w', 'kt'])).trim();
  // npm's is a link into its package.
  const own = ['kt.1', 'kt.1.gz'].map((name) => join(prefix, 'share/man/man1', name)).filter(existsSync);
  assert.deepEqual(
    own.map((each) => realpathSync(each)),
    [page],
  );
  assert.match(await done(['man', 'kt']), /NAME[\s\S]+kt[\s\S]+topics/);
  assert.match(await done(['man', 'kt-topics-create']), /--partitions/);
  const asked = `source ${completion ?? '<(kt completion bash)'}; COMP_LINE='kt topics cr'; COMP_POINT=12; _kt; printf '%s\\n' "\${COMPREPLY[@]}"`;
  assert.equal((await done(['bash', '--norc', '-c', asked])).trim(), 'create');
  assert.ok((await done(['kt', '-b', bootstrapServers, 'topics', 'list', '-o', 'name'])).split('\n').includes(topic));
  assert.match(await done(['kt', '--licenses']), /Apache License/);
}

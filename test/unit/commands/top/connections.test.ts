/** Which cluster `kt top` is connected to, and another one beside it. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import type { GlobalOptions } from '../../../../src/cli/options.ts';
import { Connections } from '../../../../src/commands/top/connections.ts';
import { placeOf } from '../../../../src/commands/top.ts';
import type { Context } from '../../../../src/context.ts';
import { openSession } from '../../../../src/session.ts';
import { fakeCluster } from '../../../support/fake-cluster.ts';
import { fakeIo } from '../../../support/fake-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-top-'));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'kt'));
writeFileSync(
  join(folder, 'kt', 'config.yaml'),
  'current: prod\nprofiles:\n  prod:\n    bootstrapServer: prod-1:9092\n  file:\n    commandConfig: file.properties\n',
  { mode: 0o600 },
);
writeFileSync(join(folder, 'kt', 'file.properties'), 'bootstrap.servers=filed-1:9092\n', { mode: 0o600 });
const commandConfig = join(folder, 'test.properties');
writeFileSync(commandConfig, 'bootstrap.servers=test-1:9092,test-2:9092,test-3:9092\n', { mode: 0o600 });

const globals: GlobalOptions = { property: [], addressMap: [], color: 'auto', quiet: false, verbose: false, yes: false };

function placeWith(given: Partial<GlobalOptions>, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const io = fakeIo('', { env: { XDG_CONFIG_HOME: folder, ...env } });
  return placeOf(openSession(io, { ...globals, ...given }).context);
}

test('the header names the cluster that kt is connected to, whatever named it', async () => {
  assert.equal(await placeWith({}), 'prod');
  assert.equal(await placeWith({ profile: 'file' }), 'file');
  assert.equal(await placeWith({ bootstrapServer: 'b-1:9092,b-2:9093' }), 'b-1:9092 +1');
  assert.equal(await placeWith({ commandConfig }), 'test-1:9092 +2');
  assert.equal(await placeWith({}, { KT_COMMAND_CONFIG: commandConfig }), 'test-1:9092 +2');
  assert.equal(await placeWith({ property: ['bootstrap.servers=x-1:9092'] }), 'x-1:9092');
  assert.equal(await placeWith({}, { XDG_CONFIG_HOME: join(folder, 'none') }), 'localhost:9092');
});

test('a cluster that is given up is closed, and no password is asked for', async () => {
  const closed: string[] = [];
  const asked: unknown[] = [];
  const clusterOf: Context['clusterOf'] = async (profile, how) => {
    asked.push(how?.asks);
    const topics = () => {
      if (profile === 'down') throw new KtError('connection', 'no broker answers');
      return { orders: [1] };
    };
    return { ...fakeCluster({ topics }), close: async () => void closed.push(profile) };
  };
  const connections = new Connections({ clusterOf } as Context, () => {});
  assert.equal(await connections.open('down', 2_000), undefined);
  assert.deepEqual(closed, ['down']);
  assert.equal(connections.message, 'no broker answers');
  const given = connections.open('given up', 2_000);
  const opened = await connections.open('kept', 2_000);
  assert.equal(await given, undefined);
  assert.notEqual(opened, undefined);
  assert.deepEqual(closed, ['down', 'given up']);
  assert.equal(connections.message, undefined);
  assert.deepEqual(asked, [false, false, false]);
});

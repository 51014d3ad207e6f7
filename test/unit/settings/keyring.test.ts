/** Keyrings: the program of each system, and a name that no shell or script takes for anything else. */
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';
import { SettingsFiles } from '../../../src/settings/files.ts';
import { keyringEntry } from '../../../src/settings/keyring.ts';
import { expandReferences } from '../../../src/settings/secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-keyring-'));
after(() => rmSync(folder, { recursive: true }));

test('the account is what follows the last slash; each system has its program', () => {
  const linux = keyringEntry('my kafka/prod/ada', '-X x', 'linux');
  assert.deepEqual(linux, {
    lookUp: ['secret-tool', 'lookup', 'service', 'my kafka/prod', 'account', 'ada'],
    store: "secret-tool store --label=kt service 'my kafka/prod' account ada",
  });
  assert.deepEqual(keyringEntry('kafka/ada', '-X x', 'darwin').lookUp.slice(1), [
    'find-generic-password',
    '-s',
    'kafka',
    '-a',
    'ada',
    '-w',
  ]);
  const windows = keyringEntry("kafka/o'hara", '-X x', 'win32').lookUp;
  assert.equal(windows[0], 'powershell');
  assert.match(windows.at(-1)!, /\.Retrieve\('kafka', 'o''hara'\)\.Password$/);
  for (const name of ['kafka', '/ada', 'kafka/', '']) {
    assert.throws(() => keyringEntry(name, '-X x', 'linux'), { kind: 'usage', message: /^-X x: .*a service and an account/ });
  }
});

test('a keyring is asked through its program; one without the secret says how to keep it there', async (t) => {
  const given = join(folder, 'given');
  const program = join(folder, 'secret-tool');
  writeFileSync(program, `#!/bin/sh\necho "$*" >> ${given}\n[ "$5" = ada ] && printf s3cret\n`);
  chmodSync(program, 0o755);
  const { PATH } = process.env;
  process.env['PATH'] = `${folder}${delimiter}${PATH}`;
  t.after(() => {
    process.env['PATH'] = PATH;
  });
  const files = new SettingsFiles(new AbortController().signal);
  const expanded = (value: string) => expandReferences(value, '-X sasl.password', {}, files);
  assert.equal(await expanded(`\${keyring:kafka/ada}`), 's3cret');
  assert.equal(readFileSync(given, 'utf8'), 'lookup service kafka account ada\n');
  await assert.rejects(expanded(`\${keyring:kafka/bob}`), {
    kind: 'usage',
    message: '-X sasl.password: there is no secret (secret-tool ended with exit code 1)',
    hint: 'is it there, and the keyring unlocked? to keep it there: secret-tool store --label=kt service kafka account bob',
  });
  process.env['PATH'] = '/nowhere';
  await assert.rejects(expanded(`\${keyring:kafka/eve}`), { message: /\(secret-tool is not a program here\)$/ });
});

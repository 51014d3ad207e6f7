/** A password in a real keyring: GNOME's, asked through libsecret's own program, opens a real cluster. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { secureCluster } from '../support/clusters.ts';
import { keyringUnavailable } from '../support/foreign-clients.ts';
import { cleanEnvironment, programs } from '../support/kt.ts';
import { secretsIn } from '../support/secrets.ts';

const skip = keyringUnavailable();
const folder = mkdtempSync(join(tmpdir(), 'kt-keyring-'));
after(() => rmSync(folder, { recursive: true }));

/** In a session of its own, with a new keyring that holds the password. */
const session = `
printf master | gnome-keyring-daemon --foreground --unlock --components=secrets > daemon 2>&1 &
daemon=$!
until dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.ListNames | grep -q freedesktop.secrets; do sleep 0.1; done
printf %s "$PASSWORD" | secret-tool store --label=kt service kafka-prod account admin
unset PASSWORD
for account in admin nobody; do
  "$KT" topics list -q -o name -b "$AT" -X security.protocol=SASL_PLAINTEXT -X sasl.mechanism=SCRAM-SHA-512 -X sasl.username=admin \
    -X "sasl.password=\\\${keyring:kafka-prod/$account}" 2>&1
  echo "$account: $?"
done
kill "$daemon"
`;

test('a password that GNOME keeps lets kt in, and one that it does not keep is named', { skip }, async () => {
  const { listeners, credentials } = await secureCluster();
  const env = {
    ...cleanEnvironment(),
    HOME: folder,
    XDG_DATA_HOME: folder,
    XDG_RUNTIME_DIR: folder,
    KT: programs.binary[0],
    AT: listeners.SASL_PLAINTEXT!,
    PASSWORD: credentials['admin']!,
  };
  const { stdout } = await promisify(execFile)('dbus-run-session', ['--', 'sh', '-c', session], {
    env,
    cwd: folder,
    timeout: 120_000,
  });
  assert.match(stdout, /^admin: 0$/m);
  assert.match(stdout, /^kt: -X sasl\.password: there is no secret \(secret-tool ended with exit code 1\)$/m);
  assert.match(
    stdout,
    /^hint: is it there, and the keyring unlocked\? .*secret-tool store --label=kt service kafka-prod account nobody$/m,
  );
  assert.match(stdout, /^nobody: 2$/m);
  assert.deepEqual(secretsIn(Buffer.from(stdout)), []);
});

/** Key stores with several keys, as Java's users have them: kt finds the one that the broker accepts, and says why none is. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { ownCluster } from '../support/clusters.ts';
import { kt, programs } from '../support/kt.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-key-stores-'));
after(() => rmSync(folder, { recursive: true }));
const password = 'changeit';

async function keytool(...args: readonly string[]): Promise<void> {
  await promisify(execFile)('keytool', args, { timeout: 60_000 });
}

/** Adds a key with a certificate that signs itself. */
function addKey(store: string, alias: string, ...options: readonly string[]): Promise<void> {
  const type = store.endsWith('.jks') ? 'JKS' : 'PKCS12';
  const own = options.includes('-keyalg') ? options : ['-keyalg', 'EC', ...options];
  const passwords = ['-storepass', password, '-keypass', password];
  return keytool(
    '-genkeypair',
    '-alias',
    alias,
    '-dname',
    `CN=${alias}`,
    '-keystore',
    store,
    '-storetype',
    type,
    ...passwords,
    ...own,
  );
}

test('of several keys in a store the broker gets one that it accepts', async (t) => {
  const trusted = join(folder, 'trusted.pem');
  const right = join(folder, 'right.p12');
  await addKey(right, 'right', '-keyalg', 'RSA');
  await keytool('-exportcert', '-rfc', '-alias', 'right', '-keystore', right, '-storepass', password, '-file', trusted);
  const cluster = await ownCluster(t, {
    security: 'sasl_ssl',
    // The first is where kt local waits for the cluster, without a client certificate.
    listeners: ['SASL_SSL', 'SSL'],
    serverConfig: {
      'listener.name.ssl.ssl.client.auth': 'required',
      'listener.name.ssl.ssl.truststore.type': 'PEM',
      'listener.name.ssl.ssl.truststore.location': trusted,
    },
  });
  const common = [
    '-b',
    cluster.listeners.SSL!,
    '-X',
    'security.protocol=SSL',
    '-X',
    `ssl.ca.location=${cluster.certificates!.ca}`,
  ];
  const list = (program: keyof typeof programs, store: string | undefined, ...options: readonly string[]) => {
    const own = store ? ['-X', `ssl.keystore.location=${store}`, '-X', `ssl.keystore.password=${password}`] : [];
    return kt(['topics', 'list', ...common, ...own, ...options], { program });
  };

  for (const [type, version] of [
    ['p12', 'TLSv1.3'],
    ['jks', 'TLSv1.2'],
  ] as const) {
    const store = join(folder, `several.${type}`);
    await addKey(store, 'stranger');
    await addKey(store, 'dsa', '-keyalg', 'DSA', '-keysize', '1024');
    const from = ['-srckeystore', right, '-srcstorepass', password];
    await keytool('-importkeystore', '-noprompt', ...from, '-destkeystore', store, '-deststorepass', password);
    for (const program of Object.keys(programs) as (keyof typeof programs)[]) {
      const { code, stderr } = await list(program, store, '-v', '-X', `ssl.enabled.protocols=${version}`);
      assert.equal(code, 0, `${program} ${type} ${version}\n${stderr}`);
      assert.match(stderr, /^client certificate of entry right → localhost:\d+( \(refused: stranger\))?$/m);
    }
  }

  const strangers = join(folder, 'strangers.p12');
  await addKey(strangers, 'stranger');
  await addKey(strangers, 'old', '-startdate', '-10d', '-validity', '1');
  const old = join(folder, 'old.p12');
  await addKey(old, 'old', '-startdate', '-10d', '-validity', '1');
  const dsa = join(folder, 'dsa.p12');
  await addKey(dsa, 'dsa', '-keyalg', 'DSA', '-keysize', '1024');
  for (const program of Object.keys(programs) as (keyof typeof programs)[]) {
    const refused = async (store: string | undefined, code: number, why: RegExp) => {
      const { code: found, stderr } = await list(program, store);
      assert.match(stderr, why);
      assert.equal(found, code, stderr);
    };
    await refused(strangers, 4, /refused the client certificate of entry \w+, as it did those of \w+; /);
    await refused(
      old,
      4,
      /refused the client certificate of entry old; it expired on \d{4}-\d\d-\d\d\)\nhint: renew the client/,
    );
    await refused(undefined, 4, /the broker wants a client certificate, and none was given\)\nhint: give one it trusts/);
    await refused(dsa, 2, /it is a DSA key .+\nhint: use an RSA or an EC key/);
  }
});

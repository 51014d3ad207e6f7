/** Kerberos from properties and login lines, as Java and librdkafka have them. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { KtError } from '../../../src/base/errors.ts';
import { resolveSettings } from '../../../src/settings/resolve.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-gssapi-'));
after(() => rmSync(folder, { recursive: true }));
const keytab = join(folder, 'me.keytab');
writeFileSync(keytab, 'keys');

const module = 'com.sun.security.auth.module.Krb5LoginModule required';

async function sasl(...property: readonly string[]) {
  const given = ['security.protocol=SASL_PLAINTEXT', ...property];
  return (await resolveSettings({ property: given, addressMap: [] }, { XDG_CONFIG_HOME: folder }, new AbortController().signal))
    .sasl;
}

const usual = {
  mechanism: 'GSSAPI',
  service: 'kafka',
  principal: undefined,
  keytab: undefined,
  ticketCache: undefined,
};

test('with nothing but the mechanism, the ticket of kinit is meant, and brokers are called kafka', async () => {
  assert.deepEqual(await sasl('sasl.mechanism=GSSAPI'), usual);
});

test('as in Java, GSSAPI need not be named where a property or a login line of Kerberos is there', async () => {
  assert.deepEqual(await sasl('sasl.kerberos.service.name=brokers'), { ...usual, service: 'brokers' });
  assert.deepEqual(await sasl(`sasl.jaas.config=${module} useTicketCache=true;`), usual);
  await assert.rejects(sasl('sasl.username=me'), /sasl\.mechanism is not given$/);
});

test('a login line of Java and the properties of librdkafka say the same', async () => {
  const expected = { ...usual, service: 'brokers', principal: 'me@EXAMPLE.COM', keytab };
  const options = `useKeyTab=true keyTab="FILE:${keytab}" storeKey=true principal="me@EXAMPLE.COM" serviceName="brokers"`;
  assert.deepEqual(await sasl(`sasl.jaas.config=${module} ${options};`), expected);
  const properties = { 'service.name': 'brokers', principal: 'me@EXAMPLE.COM', keytab };
  assert.deepEqual(
    await sasl(...Object.entries(properties).map(([name, value]) => `sasl.kerberos.${name}=${value}`)),
    expected,
  );
  assert.deepEqual(await sasl(`sasl.jaas.config=${module} useTicketCache=true ticketCache="/tmp/mine";`), {
    ...usual,
    ticketCache: '/tmp/mine',
  });
});

test('what a login line gives without saying that it is to be used does not count, as in Java', async () => {
  assert.deepEqual(await sasl(`sasl.jaas.config=${module} keyTab="${keytab}" ticketCache="/tmp/mine";`), usual);
});

test('a keytab that is not there is found before anything is connected', async () => {
  await assert.rejects(sasl('sasl.kerberos.keytab=/nope/me.keytab'), (error) => {
    assert.ok(error instanceof KtError);
    assert.equal(error.kind, 'usage');
    assert.match(error.message, /^-X sasl\.kerberos\.keytab: cannot read \/nope\/me\.keytab \(no such file\)$/);
    return true;
  });
});

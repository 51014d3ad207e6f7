import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { certificatePaths, writeCertificates } from '../../../src/local/certificates.ts';

test('broker and client have certificates of the one authority, and the broker answers to every name it is called by', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'kt-certificates-'));
  await writeCertificates(directory, ['kt-ci-1', '127.0.0.1']);
  const paths = certificatePaths(directory);
  const brokerStore = join(directory, 'certificates', 'broker.pem');
  const [ca, broker, client] = [paths.ca, brokerStore, paths.clientCertificate].map(
    (path) => new X509Certificate(readFileSync(path)),
  ) as [X509Certificate, X509Certificate, X509Certificate];
  assert.ok(ca.ca && !broker.ca && !client.ca);
  // A number that began with zero bytes was refused by every reader, once in some hundred clusters.
  for (const { serialNumber } of [ca, broker, client]) assert.match(serialNumber, /^01[\dA-F]{30}$/);
  assert.ok(broker.verify(ca.publicKey) && client.verify(ca.publicKey));
  for (const host of ['localhost', 'kt-ci-1']) assert.ok(broker.checkHost(host), host);
  for (const ip of ['127.0.0.1', '::1']) assert.ok(broker.checkIP(ip), ip);
  assert.equal(broker.checkHost('elsewhere.example'), undefined);
  assert.equal(client.subject, 'CN=admin');
  assert.ok(client.checkPrivateKey(createPrivateKey(readFileSync(paths.clientKey))));
  assert.ok(client.checkPrivateKey(createPrivateKey(readFileSync(paths.clientStore))));
  for (const path of [paths.clientKey, paths.clientStore, brokerStore]) assert.equal(statSync(path).mode & 0o777, 0o600);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noAnswer } from '../../../../src/schemas/registry/failure.ts';

const url = 'https://registry:8443';
const settings = { urls: [url], origin: '--registry', timeoutMs: 1000, headers: {} };

test('each way in which TLS to a registry fails is explained in words, with what to do next', () => {
  for (const [code, said, why, hint] of [
    ['CERT_HAS_EXPIRED', 'certificate has expired', /: its certificate: certificate has expired\)$/, /^renew .+ clock$/],
    ['CERT_REVOKED', 'certificate revoked', /is not trusted: certificate revoked\)$/, /truststore\.location=ca\.pem$/],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate', /is not trusted: self-signed/, /truststore\.location=ca\.pem$/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'not in altnames', /: not in altnames\)$/, /algorithm=none$/],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'TLSV1_ALERT_PROTOCOL_VERSION', /TLSV1 ALERT PROTOCOL/, /enabled\.protocols/],
    ['EPROTO', 'SSL routines:wrong version number', /wrong version number\)$/, /begins with http:\/\/$/],
    ['EPROTO', 'sslv3 alert handshake failure', /handshake failure\)$/, /ssl\.keystore\.location/],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'alert certificate required', /required\)$/, /ssl\.keystore\.location/],
  ] as const) {
    const error = noAnswer('list the subjects', url, Object.assign(new Error(said), { code }), settings);
    assert.match(error.message, why);
    assert.match(error.hint ?? '', hint, code);
    assert.equal(error.code, code);
  }
});

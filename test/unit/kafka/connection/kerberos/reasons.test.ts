/** What is said of each refusal of the Kerberos library, and what to do. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reasonOf } from '../../../../../src/kafka/connection/kerberos/reasons.ts';
import type { KerberosSasl } from '../../../../../src/kafka/connection/sasl.ts';

const sasl: KerberosSasl = {
  mechanism: 'GSSAPI',
  service: 'kafka',
  principal: undefined,
  keytab: undefined,
  ticketCache: undefined,
};
const withKeytab: KerberosSasl = { ...sasl, keytab: '/me.keytab', principal: 'me' };
/** As the library gives it: unsigned. */
const krb5 = (code: number) => (-1_765_328_384 + code) >>> 0;
const routine = (error: number) => error << 16;

test('each refusal names its cause and what to do', () => {
  const cases: readonly (readonly [code: number, major: number, settings: KerberosSasl, hint: RegExp])[] = [
    [195, routine(7), sasl, /^kinit gets one; or -X sasl\.kerberos\.keytab=FILE/],
    [195, routine(7), { ...sasl, principal: 'me' }, /^kinit me gets one/],
    [0, routine(11), sasl, /^kinit gets one/],
    [32, routine(13), sasl, /^kinit gets one/],
    [181, routine(7), withKeytab, /^klist -k \/me\.keytab/],
    [24, routine(13), withKeytab, /not the newest \(kvno\)/],
    [31, routine(13), sasl, /^kinit gets a new ticket/],
    [37, routine(13), sasl, /set this machine's clock/],
    [6, routine(13), withKeytab, /sasl\.kerberos\.principal \(me\) and its realm/],
    [6, routine(13), sasl, /the names in the ticket/],
    [154, routine(13), sasl, /default_realm/],
    [156, routine(13), sasl, /the realm's kdc in krb5\.conf/],
    [99, routine(13), sasl, /^kvno kafka\/broker-1 shows/],
  ];
  for (const [code, major, settings, hint] of cases) {
    const told = reasonOf({ text: 'Its own\n words.', major, minor: code === 0 ? 0 : krb5(code) }, settings, 'broker-1');
    assert.equal(told.message, 'no ticket: Its own words');
    assert.match(told.hint, hint, `${code}`);
    assert.equal(told.code, 'NO_TICKET');
  }
});

test('where tickets should have come from is named: the library only says that it has no cache', () => {
  const told = (settings: KerberosSasl) =>
    reasonOf({ text: 'No credentials cache found', major: routine(7), minor: krb5(195) }, settings, 'broker-1').message;
  assert.equal(told(withKeytab), 'no ticket: /me.keytab has no key of me');
  assert.equal(told({ ...sasl, keytab: '/me.keytab' }), 'no ticket: /me.keytab has no key');
  assert.equal(told({ ...sasl, ticketCache: '/mine' }), 'no ticket: there is none in /mine');
  assert.equal(told(sasl), 'no ticket: No credentials cache found');
});

test('a broker that Kerberos does not know may have another name, so the next one is tried', () => {
  const told = reasonOf({ text: 'Server not found', major: routine(13), minor: krb5(7) }, sasl, 'broker-1');
  assert.equal(told.code, 'UNKNOWN_SERVICE');
  assert.match(told.hint, /is kafka\/broker-1 right\? check sasl\.kerberos\.service\.name/);
});

test('what the broker does wrong is not blamed on the ticket', () => {
  const told = reasonOf({ text: 'it wants a security layer', major: 0, minor: 0 }, sasl, 'broker-1');
  assert.equal(told.message, 'it wants a security layer');
});

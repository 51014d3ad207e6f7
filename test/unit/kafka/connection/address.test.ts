import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressText, mappedAddress } from '../../../../src/kafka/connection/address.ts';

test('an address reads as it would be typed', () => {
  assert.equal(addressText({ host: 'broker', port: 9092 }), 'broker:9092');
  assert.equal(addressText({ host: '::1', port: 9092 }), '[::1]:9092');
});

test('an advertised address leads to where it can be reached', () => {
  const map = new Map([
    ['broker-1:9092', 'localhost:19092'],
    ['broker-1', 'tunnel'],
    ['broker-2', '[::1]:29092'],
    ['[fe80::1]:9092', '10.0.0.1:1'],
    ['broker-3', '[::1]'],
  ]);
  const lead = (host: string, port = 9092) => addressText(mappedAddress(map, { host, port }));
  assert.equal(lead('broker-1'), 'localhost:19092');
  assert.equal(lead('broker-1', 9093), 'tunnel:9093');
  assert.equal(lead('broker-2'), '[::1]:29092');
  assert.equal(lead('broker-3'), '[::1]:9092');
  assert.equal(lead('fe80::1'), '10.0.0.1:1');
  assert.equal(lead('elsewhere'), 'elsewhere:9092');
});

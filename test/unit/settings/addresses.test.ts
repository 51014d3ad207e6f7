/** Addresses as people type them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressText } from '../../../src/kafka/connection/address.ts';
import { parseAddressMap, parseBootstrapServers } from '../../../src/settings/addresses.ts';

const brokers = (text: string) => parseBootstrapServers(text, '-b').map(addressText);

test('bootstrap servers are read with their usual spellings', () => {
  const table: [string, string[]][] = [
    ['a', ['a:9092']],
    ['a:1', ['a:1']],
    ['a:1,b:2', ['a:1', 'b:2']],
    [' a:1 , b , ', ['a:1', 'b:9092']],
    ['10.0.0.1:19092', ['10.0.0.1:19092']],
    ['[::1]:9093', ['[::1]:9093']],
    ['[::1]', ['[::1]:9092']],
    ['::1', ['[::1]:9092']],
    ['fe80::1%eth0', ['[fe80::1%eth0]:9092']],
    ['PLAINTEXT://a:1,sasl_ssl://b:2', ['a:1', 'b:2']],
    ['EXTERNAL://a:1,my-listener.2://[::1]:2', ['a:1', '[::1]:2']],
    ['kafka_1.svc:65535', ['kafka_1.svc:65535']],
  ];
  for (const [text, addresses] of table) assert.deepEqual(brokers(text), addresses, text);
});

test('an address that cannot be meant is refused, naming the part', () => {
  const table: [string, RegExp][] = [
    ['a:1,b:99999', /'b:99999'.*port '99999'/],
    ['a:0', /port '0'/],
    ['a:x', /port 'x'/],
    ['a:', /port ''/],
    ['a:9092:1', /port '9092:1'/],
    ['[a]:9092', /'\[a\]:9092' is not/],
    ['a b:1', /'a b:1' is not host:port/],
    [':9092', /':9092' is not host:port/],
    ['http://a:1', /'http:\/\/a:1'/],
    ['https://a', /'https:\/\/a'/],
    ['EXTERNAL://', /'EXTERNAL:\/\/' is not host:port/],
    ['[::1', /'\[::1' is not/],
    ['', /names no broker/],
    [',,', /names no broker/],
  ];
  for (const [text, message] of table) {
    assert.throws(
      () => brokers(text),
      (error: Error & { kind?: string; hint?: string }) =>
        error.kind === 'usage' && message.test(error.message) && !!error.hint,
      text,
    );
  }
});

test('credentials in an address are refused without being repeated', () => {
  assert.throws(
    () => brokers('SASL_SSL://me:hunter2@a:1'),
    (error: Error) => error.message.includes('@') && !error.message.includes('hunter2'),
  );
});

test('the address map takes hosts with and without ports on each side', () => {
  const table: [string, [string, string]][] = [
    ['kafka:9092=localhost:19092', ['kafka:9092', 'localhost:19092']],
    ['EXTERNAL://kafka:9092=localhost:19092', ['kafka:9092', 'localhost:19092']],
    ['kafka=localhost', ['kafka', 'localhost']],
    ['kafka = 127.0.0.1:1 ', ['kafka', '127.0.0.1:1']],
    ['kafka:9092=::1', ['kafka:9092', '::1']],
    ['kafka:9092=[::1]:2', ['kafka:9092', '[::1]:2']],
  ];
  for (const [entry, pair] of table) assert.deepEqual([...parseAddressMap([entry], '--address-map')], [pair], entry);
});

test('an address map entry that is not a pair of addresses is refused', () => {
  for (const entry of ['kafka:9092', 'a=b=c', '=a', 'a=', 'a:1=b:99999', '']) {
    assert.throws(() => parseAddressMap([entry], '--address-map'), { kind: 'usage', message: /^--address-map: / }, entry);
  }
});

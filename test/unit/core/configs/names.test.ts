import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configHint, humanConfigValue } from '../../../../src/core/configs/names.ts';

test('numbers with a meaning of their own are shown as what they mean', () => {
  for (const [name, value, wanted] of [
    ['retention.ms', '604800000', '7d'],
    ['retention.ms', '-1', 'forever'],
    ['retention.bytes', '-1', 'unlimited'],
    // Not tiered apart from the rest (KIP-405).
    ['local.retention.ms', '-2', 'as retention.ms'],
    ['local.retention.bytes', '-2', 'as retention.bytes'],
    ['log.local.retention.ms', '-2', 'as log.retention.ms'],
    ['local.retention.ms', '-1', 'forever'],
    ['socket.send.buffer.bytes', '-1', "the system's default"],
    ['retention.ms', '-2', undefined],
    ['retention.ms', '9223372036854775807', undefined],
    ['min.insync.replicas', '-1', undefined],
  ] as const)
    assert.equal(humanConfigValue(name, value), wanted, `${name} ${value}`);
});

test('a broker is led to its own name of what is a config of topics', () => {
  const known = ['log.retention.ms', 'log.roll.ms', 'message.max.bytes', 'log.cleanup.policy'];
  const hint = (name: string) => configHint([[name, '1']], known);
  assert.equal(hint('retention.ms'), 'did you mean log.retention.ms instead of retention.ms?');
  assert.equal(hint('max.message.bytes'), 'did you mean message.max.bytes instead of max.message.bytes?');
  assert.equal(hint('segment.ms'), 'did you mean log.roll.ms instead of segment.ms?');
  assert.equal(hint('log.roll.ms'), undefined);
  assert.equal(configHint([['anything', '1']], []), undefined);
});

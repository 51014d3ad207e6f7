import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ChangeOptions, configChanges, settingAfter } from '../../../../src/core/configs/changes.ts';
import type { LayeredEntry } from '../../../../src/core/configs/entries.ts';

const none: ChangeOptions = { config: [], deleteConfig: [], appendConfig: [], subtractConfig: [] };
const own = 'DYNAMIC_TOPIC_CONFIG';

function entry(value: string | null, source = own, sensitive = false): LayeredEntry {
  const synonyms = [{ value: 'delete', source: 'DEFAULT_CONFIG' }];
  return {
    value,
    source,
    sensitive,
    readOnly: false,
    type: 'list',
    synonyms: source === own ? [{ value, source: own }, ...synonyms] : synonyms,
  };
}

function after(options: Partial<ChangeOptions>, before: LayeredEntry | undefined) {
  const [change] = configChanges({ ...none, ...options });
  return settingAfter(change!, before, own);
}

test('values in human units become what the broker stores', () => {
  assert.deepEqual(configChanges({ ...none, config: [['retention.ms', '7d'], ['segment.bytes', '1GiB'], ['match', '7d']] }), [
    { name: 'retention.ms', operation: 'set', value: '604800000' },
    { name: 'segment.bytes', operation: 'set', value: '1073741824' },
    { name: 'match', operation: 'set', value: '7d' },
  ]); // biome-ignore format: rows
});

test('a config named twice is a usage error, whatever is done with it', () => {
  for (const twice of [
    { config: [['a', '1'], ['a', '2']] as const },
    { config: [['a', '1']] as const, deleteConfig: ['a'] },
    { appendConfig: [['a', '1']] as const, subtractConfig: [['a', '1']] as const },
  ]) // biome-ignore format: rows
    assert.throws(() => configChanges({ ...none, ...twice }), { kind: 'usage', message: /a config can be changed only once/ });
});

test('pieces of one list are appended together', () => {
  const appended = configChanges({ ...none, appendConfig: [['list', 'a'], ['list', 'b']] }); // biome-ignore format: rows
  assert.deepEqual(appended, [{ name: 'list', operation: 'append', value: 'a,b' }]);
});

test('a list takes what it lacks and gives what it has', () => {
  const append = (value: string, before: string | null) => after({ appendConfig: [['l', value]] }, entry(before)).value;
  const subtract = (value: string, before: string | null) => after({ subtractConfig: [['l', value]] }, entry(before)).value;
  assert.deepEqual(
    [append('b', 'a'), append('a', 'a'), append('a,b', 'a'), append('a', ''), append('a', null)],
    ['a,b', 'a', 'a,b', 'a', 'a'],
  );
  assert.deepEqual([subtract('a', 'a,b'), subtract('c', 'a,b'), subtract('a', 'a'), subtract('a', null)], ['b', 'a,b', '', '']);
});

test('a value spelt otherwise than the broker shows it is no change', () => {
  const set = (type: LayeredEntry['type'], before: string, value: string) =>
    after({ config: [['x', value]] }, { ...entry(before), type }).value;
  assert.equal(set('double', '0.5', '0.50'), '0.5');
  assert.equal(set('double', '1.0', '1'), '1.0');
  assert.equal(set('double', '0.001', '1e-3'), '0.001');
  assert.equal(set('boolean', 'true', 'TRUE'), 'true');
  assert.equal(set('long', '9223372036854775807', '+09223372036854775807'), '9223372036854775807');
  assert.equal(set('list', 'a,b', 'a, b'), 'a,b');
  // Another value, and what only looks alike.
  assert.equal(set('long', '9223372036854775807', '9223372036854775806'), '9223372036854775806');
  assert.equal(set('double', '0.5', '0.51'), '0.51');
  assert.equal(set('string', '1', '01'), '01');
  assert.equal(set('list', 'a,b', 'b,a'), 'b,a');
});

test('what is deleted falls back to the layer below; what was not set stays', () => {
  const fallen = { value: 'delete', source: 'DEFAULT_CONFIG' };
  const { value, source } = after({ deleteConfig: ['l'] }, entry('compact'));
  assert.deepEqual({ value, source }, fallen);
  assert.deepEqual(after({ deleteConfig: ['l'] }, entry('delete', 'DEFAULT_CONFIG')), fallen);
  assert.deepEqual(after({ deleteConfig: ['l'] }, undefined), { value: null, source: null });
});

test('a sensitive value is never shown, not even the new one', () => {
  assert.deepEqual(after({ config: [['password', 'secret']] }, entry(null, 'STATIC_BROKER_CONFIG', true)), {
    value: null,
    source: own,
  });
});

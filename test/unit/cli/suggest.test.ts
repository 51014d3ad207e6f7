import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suggestedOption } from '../../../src/cli/suggest.ts';

const tail = ['--commit', '--group', '--max-records', '--last', '--value', '--where', '--from', '--to', '--timeout'];
const suggest = (typed: string, known = tail) => suggestedOption(typed, known);

test('an option that changes something is not suggested because it is spelt alike', () => {
  assert.equal(suggest('--limit'), '--max-records');
  assert.equal(suggest('--count'), '--max-records');
  for (const typed of ['--limit', '--count', '--omit', '--submit', '--comments'])
    assert.equal(suggest(typed, ['--commit', '--group']), undefined, typed);
  assert.equal(suggest('--exclude', ['--execute', '--topic']), undefined);
  assert.equal(suggest('--pause', ['--prune', '--purge']), undefined);
  // A slip of one letter cannot be anything else.
  assert.equal(suggest('--comit'), '--commit');
  assert.equal(suggest('--execut', ['--execute']), '--execute');
});

test('names of other tools lead to ours, where the command has it', () => {
  assert.equal(suggest('--grep'), '--value');
  assert.equal(suggest('--since'), '--from');
  assert.equal(suggest('--grep', ['--group']), undefined);
  assert.equal(suggest('--sort', ['--for', '--topic']), undefined);
});

test('a slip and a beginning lead to the option', () => {
  assert.equal(suggest('--timeuot'), '--timeout');
  assert.equal(suggest('--max-record'), '--max-records');
  assert.equal(suggest('--part', ['--partition', '--topic']), '--partition');
  assert.equal(suggest('--part', ['--partition', '--partitioner']), undefined);
  assert.equal(suggest('--nonsense'), undefined);
});

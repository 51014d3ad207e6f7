/** Regular expressions that no text can make slow; `test/fuzz/regex.ts` compares many more. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { LinearRegExp } from '../../../../src/base/regex/linear.ts';
import { isPlain, safePattern } from '../../../../src/base/regex/plain.ts';
import { Regex } from '../../../../src/base/regex/regex.ts';
import { fuzzRegexes } from '../../../fuzz/regex.ts';

/** Asserts that it takes less than a second of processor time. */
function quickly<T>(work: () => T): T {
  const start = process.cpuUsage().user;
  const result = work();
  assert.ok(process.cpuUsage().user - start < 1_000_000, 'it took more than a second');
  return result;
}

test('expressions that go back for ever find what they should, at once', () => {
  const stories: [source: string, text: string, found: boolean][] = [
    ['(a+)+$', `${'a'.repeat(100_000)}!`, false],
    ['(a|aa)+$|!$', `${'a'.repeat(60)}!`, true],
    ['^(a|aa)+$|!$', `${'a'.repeat(60)}!`, true],
    ['(x+x+)+y', `${'x'.repeat(5_000)}y`, true],
    ['.*.*.*=', 'a'.repeat(50_000), false],
    ['\\d+x', '1'.repeat(1_000_000), false],
    ['^(?:a|b|!)*$', `${'ab'.repeat(1_000_000)}!`, true],
    ['(?=.*foo)(?=.*bar)', `${'-'.repeat(300_000)}bar${'-'.repeat(300_000)}foo`, true],
    ['(?<!a)b', 'ab'.repeat(200_000), false],
    ['(?<=,)b$', `${'ab'.repeat(200_000)},b`, true],
    ['^(\\w+\\s?)*$', `${'word '.repeat(10_000)}?`, false],
    ['(?:a?){30}a{30}$', 'a'.repeat(40), true],
  ];
  for (const [source, text, found] of stories) {
    const name = `/${source}/ on ${text.length} characters`;
    assert.equal(
      quickly(() => new Regex(source, '').test(text)),
      found,
      name,
    );
  }
});

test('what is found in a long text comes with its groups, as from a short one', () => {
  const padding = 'z'.repeat(20_000);
  const [short, long] = ['', padding].map((before) => {
    const regex = new Regex('(?<id>\\d+)-(\\w)?.*?(,|$)', '');
    return regex.run(`${before}17-,18-x,`, false, (each) => each.exec(`${before}17-,18-x,`)!);
  });
  assert.equal(long!.index, padding.length);
  assert.deepEqual([...long!], [...short!]);
  assert.deepEqual({ ...long!.groups }, { id: '17' });
  const words = new LinearRegExp('(\\w)(\\d)?', 'g');
  assert.equal('a1 b'.replace(words, '[$2$1]'), '[1a] [b]');
  assert.deepEqual('a1 b'.match(words), ['a1', 'b']);
  assert.deepEqual('x, y,z'.split(new LinearRegExp(',\\s*', 'g')), ['x', 'y', 'z']);
  assert.equal('--é'.search(new LinearRegExp('[^-]', '')), 2);
});

test('an expression that only going back can match is refused where it could take for ever, and used where it cannot', async () => {
  await assert.rejects(
    safePattern('--value', /(a+)+\1$/),
    (error) =>
      error instanceof KtError &&
      error.kind === 'usage' &&
      error.message === '--value /(a+)+\\1$/ (it could take for ever, and kt cannot bound it: \\1 refers to a group)',
  );
  const twice = await safePattern('--value', /(\w+) \1/);
  assert.ok(twice.test('so it is is'));
  assert.throws(() => twice.test('a'.repeat(100_000)), /too much for it: \\1 refers to a group/);
});

test('a text that would take too much work is an error, never a miss', () => {
  const random = Array.from({ length: 400_000 }, () => (Math.random() < 0.5 ? 'a' : 'b')).join('');
  assert.throws(
    () => new Regex('(?:a.{300}|b.{299})x', '').test(random),
    (error) => error instanceof KtError && error.kind === 'usage' && /too many ways to match/.test(error.message),
  );
});

test('flags that remember a place change nothing', async () => {
  const pattern = await safePattern('--value', /a+b?/gy);
  for (let time = 0; time < 3; time++) assert.ok(pattern.test('xxa'));
});

test('plain expressions need nothing loaded', () => {
  for (const source of ['order', '^order-\\d\\d$', '"status":"(PAID|OPEN)"', '[a-z].x']) assert.ok(isPlain(source, 0), source);
  for (const source of ['a+', '(a)\\1', '(?=a)', 'a{2}', '(?<n>a)\\k<n>']) assert.ok(!isPlain(source, 0), source);
  assert.ok(isPlain('orders-*', 1));
  for (const source of ['*a*', '(a|aa)+', '(?:a)']) assert.ok(!isPlain(source, 1), source);
});

test('whatever is typed finds what the runtime finds', (during) => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  during.diagnostic(`seed ${seed}`);
  const { short, long } = fuzzRegexes(1_000, seed);
  assert.ok(short > 500 && long > 100, `${short} compared, ${long} on long texts`);
});

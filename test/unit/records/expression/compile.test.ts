/** The expressions of `--where`: JavaScript's, over one record, exact and without reach. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { jsonValue } from '../../../../src/base/json/exact-json.ts';
import { compileExpression } from '../../../../src/records/expression/compile.ts';
import type { RecordScope } from '../../../../src/records/expression/scope.ts';

const order = `{"id":9007199254740993,"small":7,"amount":150.5,"name":"Ann","tags":["new","eu"],"none":null,
  "items":[{"price":5},{"price":500}],"when":"2026-01-31T09:00:00Z","__proto__":{"x":1},"constructor":"mine"}`;

function scopeOf(value: unknown): RecordScope {
  const headers = Object.assign(Object.create(null), { type: 'order', 'trace-id': 'a1' });
  return { key: 'user-1', value, headers, topic: 'orders', partition: 2, offset: 41, timestamp: 1_700_000_000_000 };
}

async function result(source: string, value: unknown = jsonValue(order)): Promise<unknown> {
  return (await compileExpression('--where', source)).evaluate(scopeOf(value));
}

async function holds(...sources: readonly string[]): Promise<void> {
  for (const source of sources) assert.equal(await result(source), true, source);
}

async function refused(source: string): Promise<KtError> {
  try {
    await compileExpression('--where', source);
  } catch (error) {
    assert.ok(error instanceof KtError, `${source}: ${error}`);
    assert.equal(error.kind, 'usage', source);
    return error;
  }
  assert.fail(`${source} was compiled`);
}

test('an expression reads what a record has', async () => {
  await holds(
    "key === 'user-1' && topic === 'orders' && partition === 2 && offset > 40",
    "headers.type === 'order' && headers['trace-id'] === 'a1'",
    "value.amount > 100 && value.tags.includes('new')",
    'value.items.some(item => item.price > 100)',
    'value["items"][1].price === 500',
    'timestamp < now() // a comment',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the template is the expression's.
    "`${value.name}-${value.small}` === 'Ann-7'",
    "/^user-\\d+$/.test(key) && key.replace(/\\d/, 'N') === 'user-N'",
    "Object.entries(value).some(([name, each]) => name === 'small' && each === 7)",
    "'name' in value && !('nope' in value)",
  );
});

test('what is missing is undefined, never an error', async () => {
  for (const source of [
    'value.nope',
    'value.nope.deeper.still',
    'value.none.x',
    'value.nope.trim()',
    'headers.nope',
    'value.items[9].price',
  ])
    assert.equal(await result(source), undefined, source);
  assert.equal(await result('value.nope > 1'), false);
  assert.equal(await result('value.x', null), undefined);
  assert.equal(await result('value.x.y', 'plain text'), undefined);
});

test('integers are exact to 64 bits', async () => {
  await holds(
    'value.id === 9007199254740993',
    'value.id == 9007199254740993',
    'value.id !== 9007199254740992',
    'value.id > 9007199254740992',
    'value.id + 1 === 9007199254740994',
    'value.id === 9007199254740993n && value.small === 7n',
    'value.id % 2 === 1',
    '-value.id === -9007199254740993',
    '9007199254740991 + 2 === 9007199254740993',
    '3037000500 * 3037000500 === 9223372037000250000',
    'value.id - value.id === 0',
    'Math.max(value.id, 5) === value.id',
    "Number('9007199254740993') === value.id",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the template is the expression's.
    "`${value.id}` === '9007199254740993'",
    'typeof value.id === "number"',
    '[9007199254740993].includes(value.id)',
    'JSON.stringify({ id: value.id }) === \'{"id":9007199254740993}\'',
    'value.small / 2 === 3.5',
    '2 ** 62 === 4611686018427387904',
  );
});

test('an assignment, a statement and whatever changes or reaches something is refused where it stands', async () => {
  const cases: readonly (readonly [source: string, at: number, why: RegExp, hint: RegExp])[] = [
    ['value.id = 1', 9, /assignment/, /did you mean value\.id === 1\?/],
    ['value.id += 1', 9, /assignment/, /compare/],
    ['value.count++', 0, /assignment/, /changes nothing/],
    ['delete value.id', 0, /changes/, /changes nothing/],
    ['process.exit()', 0, /process is not defined/, /can name key, value/],
    ['globalThis', 0, /globalThis is not defined/, /can name/],
    ['valu.id > 1', 0, /valu is not defined/, /did you mean value\?/],
    ['value.name.trimm()', 11, /no trimm\(\)/, /did you mean trim\?/],
    ['key.constructor("return 1")', 4, /no constructor\(\)/, /./],
    ['new Date()', 0, /'new'/, /time\(/],
    ['this', 0, /'this'/, /./],
    ['import("node:fs")', 0, /'import'/, /./],
    ['(() => { for (;;) {} })()', 0, /not a function/, /./],
    ['value); return true; (1', 5, /has ended/, /./],
    ['value >', 7, /unexpected token/, /./],
    ['while (true) {}', 0, /unexpected token/, /./],
    ['key === "a"; true', 11, /has ended/, /&&/],
    ['lower(key, 1)', 0, /takes 1 argument/, /^$/],
    ['lower', 0, /is a function/, /lower\(value\)/],
    ['x => x', 0, /arrow function/, /./],
    ['value.items.map(x => { return x })', 21, /one expression/, /braces/],
    ['/error/', 0, /nothing is matched with/, /write \/error\/\.test\(value\.name\)/],
    ['value.name === /Ann/i', 15, /nothing is matched with/, /\/Ann\/i\.test/],
    ['/error/.test', 0, /nothing is matched with/, /./],
    ["key.localeCompare('a', 'de', {})", 4, /at most 2 arguments/, /^$/],
    ['', 0, /empty/, /./],
  ];
  for (const [source, at, why, hint] of cases) {
    const error = await refused(source);
    assert.match(error.message, why, source);
    assert.match(error.hint ?? '', hint, source);
    assert.deepEqual(error.excerpt, { text: source, at }, source);
  }
});

test('what JavaScript inherits is not there, and what a record says is data', async () => {
  assert.equal(await result('value.constructor'), 'mine');
  assert.deepEqual(await result('value.__proto__'), { x: 1 });
  for (const source of [
    'key.constructor',
    'key["constructor"]',
    'value.items.constructor',
    'value.toString',
    'headers.__proto__',
    'key.trim',
    '(5).constructor',
  ])
    assert.equal(await result(source), undefined, source);
  assert.equal(Object.hasOwn(Object.prototype, 'x'), false);
});

test('an evaluation that would take too long or too much fails for its record alone', async () => {
  const many = Array.from({ length: 1_000 }, (_, index) => index);
  const costly = [
    'value.map(a => value.map(b => value.map(c => a + b + c)))',
    '"a".repeat(1e9)',
    '"a".padEnd(1e9)',
    'value.reduce((all, _) => all + all, "ab")',
    'value.reduce((all, _) => [...all, ...all], [1])',
    'value.join("x".repeat(1e6))',
    '"a".repeat(1e6).replaceAll("a", "b".repeat(1e6))',
    '"a".repeat(1e6).replaceAll("a", "$`")',
    '10 ** 1000000 > 0 && value.map(x => 10n ** 100000n) && undefined.x',
  ];
  for (const source of costly.slice(0, -1)) {
    const start = process.cpuUsage().user;
    await assert.rejects(result(source, many), /too much work|too long/, source);
    assert.ok(process.cpuUsage().user - start < 5_000_000, `${source} took seconds of processor time`);
  }
  assert.equal((await result(costly.at(-1)!.replace(' && undefined.x', ''), many)) !== undefined, true);
});

test('functions of text, time and numbers', async () => {
  assert.equal(await result('time(value.when) === 1769850000000'), true);
  assert.equal(await result('date(1769850000000)'), '2026-01-31T09:00:00.000Z');
  assert.equal(await result("time('2026-01-31 10:00:00+01:00') === 1769850000000"), true);
  for (const text of ['2026-01-31T10:00:00+01', '2026-01-31T10:00:00,000+01:00', '2026-01-31 09:00:00.000000+00'])
    assert.equal(await result(`time('${text}')`), 1769850000000, text);
  assert.equal(await result("time('soon')"), undefined);
  assert.equal(await result('round(1.005, 2)'), 1.01);
  assert.equal(await result('round(-1234.5, -2)'), -1200);
  assert.equal(await result('round(1e-7, 2)'), 0);
  assert.equal(await result('round(1.25e-7, 8)'), 1.3e-7);
  assert.equal(await result('round(1e21, 2)'), 1e21);
  assert.equal(await result('round(value.id, -3)'), 9_007_199_254_741_000n);
  assert.equal(await result('round(-12345678901234567550, -2)'), -12345678901234567500n);
  assert.equal(await result('value.id.toFixed(2)'), '9007199254740993.00');
  assert.equal(await result("parseInt(' -9007199254740993px')"), -9007199254740993n);
  assert.equal(await result("parseInt('20000000000001', 16)"), 9007199254740993n);
  assert.equal(await result("parseInt('0x20000000000001')"), 9007199254740993n);
  assert.equal(await result("parseFloat('9007199254740993 px')"), 9007199254740993n);
  assert.equal(await result("mask('4111111111111111')"), '************1111');
  assert.equal(await result("mask('secret')"), '******');
  assert.equal(await result("hash('a')"), 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb');
  assert.equal(await result('json(\'{"a":[1]}\').a[0]'), 1);
  assert.equal(await result("upper('é') + lower('É')"), 'Éé');
});

test('only the fields that an expression names are asked of the record', async () => {
  const asked: string[] = [];
  const scope = new Proxy(scopeOf({}), {
    get(target, name) {
      // That is where fields of the value are, not a field.
      if (name !== 'parts') asked.push(String(name));
      return target[name as keyof RecordScope];
    },
  });
  const { evaluate, uses } = await compileExpression('--where', "key === 'other' && value.amount > 1");
  assert.equal(evaluate(scope), false);
  assert.deepEqual(asked, ['key']);
  assert.deepEqual([...uses], ['key', 'value']);
});

test('JSON keeps all digits of integers, and everything else is as JSON.parse has it', () => {
  const texts = [
    '[9007199254740993,-9223372036854775808,18446744073709551615]',
    ' { "a" : [ 12345678901234567890 , 1.5e3, "1234567890123456789\\"," ] , "b":{} , "c":[] } ',
  ];
  assert.deepEqual(jsonValue(texts[0]!), [9007199254740993n, -9223372036854775808n, 18446744073709551615n]);
  assert.deepEqual(jsonValue(texts[1]!), { a: [12345678901234567890n, 1500, '1234567890123456789",'], b: {}, c: [] });
  assert.equal(jsonValue('{"a":'), undefined);
  assert.equal(jsonValue('1234567890123456'), 1234567890123456);
  assert.equal(jsonValue('0.12345678901234567'), Number('0.12345678901234567'));
});

test('an integer of more digits than a number holds is found wherever it stands', () => {
  for (let before = 0; before < 40; before++) {
    const text = `{"${'x'.repeat(before)}":9007199254740993,"y":1}`;
    assert.equal((jsonValue(text) as Record<string, unknown>)['x'.repeat(before)], 9007199254740993n, text);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Columns, Findings } from '../../../../../src/records/aggregate/flink/columns.ts';
import { Sample } from '../../../../../src/records/aggregate/flink/sample.ts';
import { compileExpression } from '../../../../../src/records/expression/compile.ts';
import { ExpressionSource } from '../../../../../src/records/expression/source.ts';
import { SqlTranslator } from '../../../../../src/records/expression/sql/translator.ts';

const orders = [
  {
    id: 1,
    total: 12.5,
    count: 2,
    name: 'Ann',
    paid: true,
    user: { city: 'Bonn', length: 3 },
    at: '2026-01-01T10:00:00Z',
    tags: ['a'],
  },
  {
    id: 9007199254740993n,
    total: 3,
    count: 4,
    name: 'Bo',
    paid: null,
    user: { city: null },
    at: '2026-01-01T10:00:00.5Z',
    when: 'today',
  },
];

async function translated(text: string, values: readonly unknown[] = orders) {
  await compileExpression('--where', text);
  const columns = new Columns('orders', new Sample(values), new Findings());
  return { translator: new SqlTranslator(new ExpressionSource('--where', text), columns), columns };
}

async function value(text: string, values?: readonly unknown[]): Promise<string> {
  return (await translated(text, values)).translator.value('STRING', ({ sql }) => sql);
}

async function condition(text: string, values?: readonly unknown[]): Promise<string> {
  return (await translated(text, values)).translator.condition();
}

test('fields are columns, and fields of objects are fields of rows', async () => {
  assert.equal(await value('value.total'), '`total`');
  assert.equal(await value("value.user['city']"), '`user`.`city`');
  assert.equal(await value('value?.user?.city'), '`user`.`city`');
  assert.equal(await value('value.user.length'), '`user`.`length`');
  assert.equal(await value('key'), '`record_key`');
  assert.equal(await value('headers.type'), "CAST(`record_headers`['type'] AS STRING)");
  assert.equal(await value('topic'), "'orders'");
  assert.equal(await value('offset'), '`record_offset`');
  assert.match(await value('timestamp'), /UNIX_TIMESTAMP\(DATE_FORMAT\(`record_time`/);
});

test('names and texts cannot break out of their quotes', async () => {
  assert.equal(await value("value['a`b'] + \"it's\"", []), "(COALESCE(`a``b`, 'undefined') || 'it''s')");
  assert.equal(await value("'line\\nbreak \\\\'"), "U&'line\\000abreak \\\\'");
});

test('arithmetic is that of doubles unless both sides are integers; written-out numbers are computed', async () => {
  assert.equal(await value('value.total * 2 + 1.5'), '((`total` * 2) + 1.5E0)');
  assert.equal(await value('24 * 3600 * 1000 * 1000'), '86400000000');
  assert.equal(await value('value.id + 1'), '(`id` + 1)');
  assert.equal(await value('value.id / 2'), '(CAST(`id` AS DOUBLE) / 2E0)');
  assert.equal(await value('value.id % 3'), 'MOD(`id`, 3)');
  assert.equal(await value('-value.total'), '(0 - `total`)');
});

test('of a missing field no comparison holds, and its opposite does', async () => {
  assert.equal(await condition('value.total > 100'), '(`total` > 100)');
  assert.equal(await condition('!(value.total > 100)'), '((`total` > 100) IS NOT TRUE)');
  assert.equal(await condition("value.name !== 'Ann'"), "((`name` = 'Ann') IS NOT TRUE)");
  assert.equal(await condition('value.name === value.user.city'), '(`name` IS NOT DISTINCT FROM `user`.`city`)');
  assert.equal(await condition('value.name != null && value.paid'), '((`name` IS NOT NULL) AND `paid`)');
  assert.equal(await value('value.total > 100'), '(`total` > 100) IS TRUE');
});

test('what JavaScript takes for true is written out', async () => {
  assert.equal(await condition('value.name'), "(`name` <> '')");
  assert.equal(await condition('value.total || value.paid'), '((`total` > 0 OR `total` < 0) OR `paid`)');
  assert.equal(await value("value.name || 'nobody'"), "CASE WHEN (`name` <> '') THEN `name` ELSE 'nobody' END");
  assert.equal(await value("value.name ?? 'nobody'"), "COALESCE(`name`, 'nobody')");
  assert.equal(await value('value.paid ? 1 : 2.5'), 'CASE WHEN `paid` THEN 1E0 ELSE 2.5E0 END');
  assert.equal(await value('value.paid ? value.name : null'), 'CASE WHEN `paid` THEN `name` ELSE CAST(NULL AS STRING) END');
});

test('texts are joined as JavaScript joins them', async () => {
  assert.equal(await value("'#' + value.id"), "('#' || COALESCE(CAST(`id` AS STRING), 'undefined'))");
  const paid = "COALESCE(CASE WHEN `paid` THEN 'true' WHEN NOT (`paid`) THEN 'false' END, 'undefined')";
  assert.equal(await value(`\`\${value.paid}/\${partition}\``), `(${paid} || '/' || CAST(\`record_partition\` AS STRING))`);
});

test('functions and methods that both have', async () => {
  assert.equal(await value('lower(value.name)'), 'LOWER(`name`)');
  assert.equal(await value('value.name.toUpperCase()'), 'UPPER(`name`)');
  assert.equal(await value("value.name.replaceAll('.', '-')"), "REPLACE(`name`, '.', '-')");
  assert.equal(await condition("value.name.startsWith('A')"), "(STARTSWITH(`name`, 'A'))");
  assert.equal(await condition("value.name.includes('nn')"), "(POSITION('nn' IN `name`) > 0)");
  assert.equal(await value('value.at.slice(0, 10)'), 'SUBSTRING(`at`, 1, 10)');
  assert.equal(await value('hash(key)'), 'SHA256(`record_key`)');
  assert.equal(await value('Math.floor(value.total)'), 'FLOOR(`total`)');
  assert.equal(await value('Math.max(value.total, 0)'), 'GREATEST(`total`, 0E0)');
  assert.match(await value('Math.round(value.total)'), /^\(FLOOR\(`total`\) \+ CASE WHEN/);
  assert.match(await value('time(value.at)'), /^CASE WHEN REGEXP\(`at`.* \* 1000 \+ /);
  assert.match(await value('date(time(value.at))'), /^DATE_FORMAT\(TO_TIMESTAMP_LTZ/);
});

test('regular expressions that mean the same in Java', async () => {
  assert.equal(
    await condition('/^A.*n$/i.test(value.name)'),
    String.raw`(REGEXP(${'`name`'}, '(?i)^A[^\n\r\u2028\u2029]*n\z'))`,
  );
  assert.equal(
    await condition(String.raw`/(?:a|b)[\d_-]{2,}\.x/.test(key)`),
    String.raw`(REGEXP(${'`record_key`'}, '(?:a|b)[\d_-]{2,}\.x'))`,
  );
});

test('a type comes from use where no record has the field', async () => {
  const { translator, columns } = await translated("value.a > 5 && value.b === 'x' && value.c", []);
  assert.equal(translator.condition(), "(((`a` > 5) AND (`b` = 'x')) AND `c`)");
  assert.deepEqual(columns.definition().columns, ['`a` DOUBLE', '`b` STRING', '`c` BOOLEAN']);
});

const refused: readonly (readonly [text: string, at: number, why: RegExp])[] = [
  ['value.total > 1 && value === 5', 19, /the value as a whole/],
  ['value.tags[0] === 1', 0, /an element/],
  ["value.tags === 'a'", 0, /value\.tags is a list/],
  ['value.user === 1', 0, /value\.user is an object/],
  ['value.name.length > 3', 0, /a length/],
  ['value.name === undefined', 0, /does not tell null from a missing field/],
  ["value.total === '12.5'", 0, /a number compared with a text/],
  ['1 + typeof value.name', 4, /'typeof'/],
  ['value.total ** 2', 0, /'\*\*'/],
  ['value.total % 2', 0, /fractions/],
  ["value.total + ' EUR'", 0, /fractions/],
  ['now() > 5', 0, /now\(\)/],
  ['Math.sin(value.total) > 0', 0, /Math\.sin\(\)/],
  ['round(value.total, 2) > 1', 0, /round\(\) with digits/],
  ['value.tags.some(tag => tag)', 0, /some\(\)/],
  ["value.name.replace('a', 'b')", 0, /replace\(\)/],
  ['time(value.when)', 0, /not all ISO 8601/],
  ['/a(?=b)/.test(value.name)', 0, /means something else in Java/],
  ['/a/s.test(value.name)', 0, /the flags s/],
  ['value.name ? 1 : "x"', 0, /a number in one case and a text in the other/],
  ['[value.total]', 0, /a list/],
  ['({ total: value.total })', 1, /an object/],
];

test('what SQL cannot say is refused with its name and its place', async () => {
  for (const [text, at, why] of refused) {
    await assert.rejects(
      async () => value(text),
      (error: Error & { kind?: string; excerpt?: { at: number } }) => {
        assert.equal(error.kind, 'usage', `${text}: ${error.message}`);
        assert.match(error.message, why, text);
        assert.equal(error.excerpt?.at, at, `${text}: ${error.message}`);
        return true;
      },
      text,
    );
  }
});

test('a field that has two types is refused, and so is a topic without objects', async () => {
  await assert.rejects(
    () => value('value.x', [{ x: 1 }, { x: 'a' }]),
    /value\.x is a number in some records and a text in others/,
  );
  await assert.rejects(() => value('value.x', ['text', 5]), /none of the newest 2 records has a JSON object/);
});

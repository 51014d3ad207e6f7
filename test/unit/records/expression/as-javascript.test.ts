/** What JavaScript has too gives what JavaScript gives, down to the arguments that are seldom used. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileExpression } from '../../../../src/records/expression/compile.ts';
import type { RecordScope } from '../../../../src/records/expression/scope.ts';

const value = {
  text: 'abcabc Äß😀x',
  empty: '',
  number: 123.456,
  whole: 42,
  negative: -2.5,
  list: [3, 1, 2, 1],
  deep: [1, [2, [3, [4]]]],
  words: ['b', 'a', 'C'],
  object: { a: 1, b: [1] },
  nothing: null,
  none: [null, 1],
};

const methods = `
value.text.indexOf('a', 1)
value.text.indexOf('a', 100)
value.text.lastIndexOf('a', 2)
value.text.lastIndexOf('a')
value.text.includes('a', 4)
value.text.endsWith('abc', 6)
value.text.startsWith('b', 1)
value.list.indexOf(1, 2)
value.list.indexOf(1, -1)
value.list.indexOf(1, -9)
value.list.lastIndexOf(1, 2)
value.list.lastIndexOf(3, -4)
value.list.lastIndexOf(1)
value.list.includes(3, 1)
value.deep.flat()
value.deep.flat(2)
value.deep.flat(Infinity)
value.deep.flat(0)
value.list.reduce((sum, each, index) => sum + each * index, 0)
value.list.reduce((sum, each, index) => sum + each * index)
value.list.reduceRight((text, each, index, all) => text + index + all[index], '')
value.list.map((each, index, all) => all.length - index)
value.number.toPrecision()
value.number.toPrecision(2)
value.number.toFixed()
value.whole.toFixed(2)
value.whole.toString(16)
value.text.split('b', 1)
value.text.split('b', -1)
value.text.split(/(b)/)
value.text.match(/(b)(c)/)
value.text.match(/(b)(c)/).index
value.text.match(/(?<first>b)(c)/).groups.first
/(?<first>b)(c)/.exec(value.text).groups.first
value.text.match(/b/g)
value.text.replace('a', '$&$&')
value.text.replaceAll('b', '[$\`|$&|$\\'|$$|$1]')
value.text.replace(/(a)(b)/g, '$2$1')
value.text.replaceAll('b', (hit, at, all) => hit + at + all.length)
value.text.slice(-3, -1)
value.text.substring(3, 1)
value.text.padStart(20, 'xy')
value.words.toSorted((a, b) => a.localeCompare(b, 'de'))
value.none.join()
`;

const operators = `
1 / 0
-1 % 2
2 ** -1
'5' * '2'
'5' + 2
null + 1
undefined + 1
3 > 2 > 1
'10' < '9'
'10' < 9
null >= 0
undefined == null
null == 0
[1] == 1
~'5'
-5 >>> 1
1e10 | 0
{...value.object, c: 1}
[...value.text].length
value.nothing ?? 'x'
0.1 + 0.2
1_000_000
Math.round(value.negative)
Math.max()
Math.max('3', 2)
parseInt('12px')
parseInt('ff', 16)
parseInt('zz', 36)
parseInt('1'.repeat(70), 2)
parseInt('0x1fg')
parseInt('x')
parseInt('1e3')
parseFloat('1.5px')
parseFloat('-12')
parseFloat('1e3')
parseFloat('12e')
parseFloat('.5')
parseFloat('x')
Number('')
Number('0x10')
String(1e21)
isNaN('x')
Number.isInteger('5')
`;

const times = `
Date.parse('2026-01-31T10:00')
Date.parse('2026-01-31T10:00:00.123Z')
Date.parse('2026-01-31 09:30:00')
Date.parse('2026-01-31 09:30:00+01:00')
Date.parse('2026-01-31 09:30:00+01')
Date.parse('Sat, 31 Jan 2026 09:30:00 GMT')
Date.parse('31 Jan 2026')
Date.parse('2026-01-31 09:30:00 UTC')
`;

for (const [what, sources] of Object.entries({ methods, operators, times })) {
  test(`${what} are JavaScript's`, async () => {
    const scope = { key: null, headers: {}, topic: 'orders', partition: 0, offset: 0, timestamp: 0 };
    for (const source of sources.trim().split('\n')) {
      const wanted: unknown = new Function('value', `return (${source})`)(structuredClone(value));
      const compiled = await compileExpression('--map', source);
      const got = compiled.evaluate({ ...scope, value: structuredClone(value) } as RecordScope);
      // Objects of expressions inherit nothing, and lists of hits are plain ones.
      assert.equal(JSON.stringify([got, typeof got]), JSON.stringify([wanted, typeof wanted]), source);
      if (typeof wanted === 'number') assert.equal(got, wanted, source);
    }
  });
}

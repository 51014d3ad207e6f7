/** Generated records: their templates, their batches, and their latency. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Latencies } from '../../../../src/records/produce/latency.ts';
import { loadInput, loadRecords, loadSplitter } from '../../../../src/records/produce/load.ts';
import { emptyInputRecord } from '../../../../src/records/produce/record-input.ts';
import { compileTemplate, MadeBytes } from '../../../../src/records/produce/template.ts';

function made(text: string, seq = 1): string {
  const out = new MadeBytes();
  compileTemplate(text)(out, seq);
  return out.buffer.toString('utf8', 0, out.length);
}

test('generators stand in the text around them', () => {
  assert.equal(made('plain { } text', 7), 'plain { } text');
  assert.equal(made('{"n":{{seq}}}', 7), '{"n":7}');
  assert.equal(made('{"a":{"b":{{ seq }}}}', 7), '{"a":{"b":7}}');
  assert.equal(made('\\{{seq}} é {{seq}}', 2), '{{seq}} é 2');
  assert.ok(Math.abs(Number(made('{{time}}')) - Date.now()) < 60_000);
  assert.ok(Math.abs(Date.parse(made('{{iso}}')) - Date.now()) < 60_000);
  assert.match(made('{{uuid}}'), /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  assert.match(made('{{text 100}}'), /^[a-z]{100}$/);
  assert.equal(made('{{text 200000}}').length, 200_000);
  assert.equal(made('{{text 0}}'), '');
});

test('random choices and numbers take every value in their range and no other', () => {
  const many = (template: string) => new Set(Array.from({ length: 500 }, () => made(template)));
  assert.deepEqual([...many('{{choice new|paid out|}}')].sort(), ['', 'new', 'paid out']);
  assert.deepEqual([...many('{{int -1 2}}')].sort(), ['-1', '0', '1', '2']);
  assert.equal(new Set([made('{{uuid}}'), made('{{uuid}}')]).size, 2);
});

test('an unknown generator is refused, and the known ones are named', () => {
  for (const [template, message, hint] of [
    ['{{uid}}', '{{uid}} (no such generator)', /^did you mean \{\{uuid\}\}\?/],
    ['{{qqqqqq}}', '{{qqqqqq}} (no such generator)', /^there are seq, time, iso, uuid, choice, int, text/],
    ['{{}}', '{{}} (no such generator)', /two braces/],
    ['{{toString}}', '{{toString}} (no such generator)', /two braces/],
    ['{{int 5}}', '{{int 5}} (not two whole numbers, the smaller first)', /\{\{int 1 100\}\}/],
    ['{{int 5 1}}', '{{int 5 1}} (not two whole numbers, the smaller first)', /such as/],
    ['{{choice one}}', '{{choice one}} (nothing to choose from)', /such as/],
    ['{{text x}}', '{{text x}} (not a length from 0 to 16777216)', /such as/],
    ['{{seq 5}}', '{{seq 5}} (this generator takes nothing)', /such as \{\{seq\}\}/],
  ] as const) {
    assert.throws(() => compileTemplate(template), { kind: 'usage', message, hint });
  }
});

test('the requested number of records comes, each with its key and value, at any rate', async () => {
  for (const recordsPerSecond of [undefined, 1, 50_000]) {
    const load = {
      count: 5_000,
      key: compileTemplate('k{{seq}}'),
      value: compileTemplate('{{text 30}} {{seq}}'),
      recordsPerSecond,
    };
    const record = emptyInputRecord();
    const read = loadRecords(undefined);
    let count = 0;
    const splitter = loadSplitter((bytes, start, end, number) => {
      read(record, bytes, start, end);
      count++;
      assert.equal(number, count);
      assert.equal(record.key.toString('utf8', record.keyStart, record.keyEnd), `k${count}`);
      assert.match(record.value.toString('utf8', record.valueStart, record.valueEnd), new RegExp(`^[a-z]{30} ${count}$`));
    });
    for await (const chunk of loadInput(load)) splitter.push(chunk);
    assert.equal(count, 5_000);
  }
});

test('an empty key is not the same as none', async () => {
  const record = emptyInputRecord();
  const load = { count: 1, key: compileTemplate(''), value: compileTemplate(''), recordsPerSecond: undefined };
  const splitter = loadSplitter((bytes, start, end) => loadRecords(Buffer.from('fixed'))(record, bytes, start, end));
  for await (const chunk of loadInput(load)) splitter.push(chunk);
  assert.deepEqual([record.keyEnd - record.keyStart, record.valueEnd - record.valueStart], [0, 0]);
});

test('percentiles are within 4 % of the exact ones and never beyond the slowest', () => {
  const times = fc.array(fc.double({ min: 0.001, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(times, fc.constantFrom(0.5, 0.95, 0.99, 1), (all, part) => {
      const latencies = new Latencies();
      for (const each of all) latencies.add(each, 1);
      const sorted = all.toSorted((a, b) => a - b);
      const exact = sorted[Math.ceil(all.length * part) - 1]!;
      const told = latencies.percentile(part);
      assert.ok(told <= sorted.at(-1)! && told >= exact * 0.999 && told <= exact * 1.04 + 0.001, `${told} for ${exact}`);
    }),
  );
  assert.equal(new Latencies().percentile(0.5), 0);
});

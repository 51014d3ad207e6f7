import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localTime } from '../../../../src/base/local-time.ts';
import { hexLines, jsonLines, unfolded } from '../../../../src/commands/top/json-lines.ts';
import { short, size, trendBars } from '../../../../src/commands/top/numbers.ts';
import { RecordView } from '../../../../src/commands/top/record.ts';
import { contentOf } from '../../../../src/commands/top/record-lines.ts';
import { RecordCopies } from '../../../../src/records/copied-record.ts';
import { HeldBytes } from '../../../../src/records/held-bytes.ts';
import { FieldTexts } from '../../../../src/records/live/field-texts.ts';
import { recordOf } from '../../../support/live-records.ts';
import { actions, press, scene, screenText } from '../../../support/top-screen.ts';

const formats = { keyFormat: undefined, valueFormat: undefined };
const copies = new RecordCopies(new HeldBytes('a test'));

async function opened(value: string | null, offset = 7) {
  const texts = await FieldTexts.of('orders', formats);
  const copy = (text: string | null, at: number) => copies.copy(recordOf({ offset: at, key: 'eu-1', value: text }));
  const parts = contentOf(copy(value, offset), texts);
  return new RecordView(parts, ({ offset: of }, by) =>
    of + by > 8 ? undefined : contentOf(copy('{"other":1}', of + by), texts),
  );
}

const order = '{"id":88122,"big":12345678901234567890,"items":[{"sku":"a\\"b"},[]],"note":"\\u001b[31m","empty":{}}';

test('JSON is indented with every digit, and what is empty stays on its line', () => {
  assert.deepEqual(
    jsonLines(order).map(({ depth, text }) => `${'  '.repeat(depth)}${text}`),
    [
      '{',
      '  "id": 88122,',
      '  "big": 12345678901234567890,',
      '  "items": [',
      '    {',
      '      "sku": "a\\"b"',
      '    },',
      '    []',
      '  ],',
      '  "note": "\\u001b[31m",',
      '  "empty": {}',
      '}',
    ],
  );
  assert.deepEqual(
    jsonLines('[]').map(({ text }) => text),
    ['[]'],
  );
  assert.deepEqual(
    jsonLines('12').map(({ text }) => text),
    ['12'],
  );
});

test('a folded line says how much is in it', () => {
  const lines = jsonLines(order);
  const shown = unfolded(lines, new Set([3]));
  assert.equal(shown.length, 7);
  assert.equal(lines[3]!.members, 2);
  assert.equal(lines[3]!.closes, 8);
});

test('a record: what it is, its value line by line, folded at the cursor', async () => {
  const view = await opened(order);
  const of = scene();
  const lines = screenText(view, of, 80, 24);
  const time = localTime(Date.UTC(2026, 10, 27, 12, 4, 31))!;
  assert.ok(lines[1]!.startsWith(` orders › 0 › 7   ${time} CreateTime   `), lines[1]);
  assert.match(lines[1]!, /CreateTime {3}\d+ B/);
  assert.equal(lines[3], ' key      eu-1');
  assert.match(lines[4]!, /^ headers {2}type = order.created$/);
  assert.match(lines[5]!, /^ value {4}JSON, 12 lines {3}\[j text\] x hex w wrap$/);
  assert.equal(lines[6], '>- {');
  press(view, of, ['down', 'down', 'down', 'enter']);
  assert.match(screenText(view, of, 80, 24)[9]!, /^>\+ {3}"items": \[ … 2 \],$/);
  press(view, of, ['Z', 'Z']);
  assert.match(screenText(view, of, 80, 24)[9]!, /"items": \[/);
});

test('a search goes to the match at each letter, n and N to the next and the previous one', async () => {
  const view = await opened(order);
  const of = scene();
  press(view, of, ['/', ...'E', 'enter']);
  const at = () => screenText(view, of, 80, 24).find((line) => line.startsWith('>'));
  assert.match(at()!, /items/);
  press(view, of, ['n']);
  assert.match(at()!, /note/);
  press(view, of, ['n', 'n']);
  assert.match(at()!, /items/);
  press(view, of, ['N']);
  assert.match(at()!, /empty/);
  press(view, of, ['escape']);
  assert.equal(view.key({ name: 'escape' }, of, actions()), false);
});

test('as hex, wrapped, a tombstone, and the records beside it', async () => {
  const of = scene();
  const view = await opened(order);
  press(view, of, ['x']);
  assert.match(screenText(view, of, 80, 24)[6]!, /^> {2}000000 {2}7b 22 69 64 .*\|\{"id":88122,"big\|$/);
  const long = await opened('x'.repeat(200));
  assert.match(screenText(long, of, 80, 24)[5]!, /text, 1 line /);
  press(long, of, ['w']);
  assert.match(screenText(long, of, 80, 24)[5]!, /text, 3 lines /);
  assert.match(screenText(await opened(null), of, 80, 24).join('\n'), /no value.*null \(a tombstone\)/s);
  const act = actions();
  press(view, of, [']'], act);
  assert.match(screenText(view, of, 80, 24)[1]!, /orders › 0 › 8/);
  press(view, of, [']'], act);
  assert.deepEqual(act.done, ['say no later record is kept']);
  assert.equal(view.command(), 'kt tail orders:0 --from 8 -n 1');
});

test('the lines of a value are made once, and again when something that they are made of changes', async () => {
  const texts = await FieldTexts.of('orders', formats);
  const record = copies.copy(recordOf({ offset: 7, value: order }));
  let reads = 0;
  const content = contentOf(record, texts);
  const counting = {
    ...content,
    get bytes() {
      reads++;
      return content.bytes;
    },
  };
  const view = new RecordView(counting, () => undefined);
  const of = scene();
  press(view, of, ['x']);
  screenText(view, of, 80, 24);
  press(view, of, ['down', 'up', 'G', '/', '7', 'enter', 'n']);
  screenText(view, of, 80, 24);
  screenText(view, of, 100, 24);
  assert.equal(reads, 2, 'for the mode, and for what the search unfolded');
  press(view, of, ['w']);
  screenText(view, of, 80, 24);
  screenText(view, of, 60, 24);
  assert.equal(reads, 4, 'wrapped, and to another width');
});

test('a large record that is no longer kept is shown to the end, in hex too', async () => {
  const texts = await FieldTexts.of('orders', formats);
  const held = new HeldBytes('a test');
  const record = new RecordCopies(held).copy(recordOf({ offset: 7, value: 'x'.repeat(1 << 20) }));
  const view = new RecordView(contentOf(record, texts), () => undefined);
  held.drop([record]);
  press(view, scene(), ['x', 'G']);
  assert.match(screenText(view, scene(), 80, 24).join('\n'), /^> {2}0ffff0 {2}78 78 .*\|x{16}\|$/m);
});

test('keys move in a record as in a list, but j shows it as text', async () => {
  const view = await opened(Array.from({ length: 50 }, (_, index) => `line ${index}`).join('\n'));
  const of = scene();
  const at = () =>
    screenText(view, of, 80, 24)
      .find((each) => each.startsWith('>'))!
      .trim();
  screenText(view, of, 80, 24);
  press(view, of, ['pagedown']);
  assert.equal(at(), '>  line 16', 'a page is a line less than what is shown');
  press(view, of, ['G', 'ctrl-b']);
  assert.equal(at(), '>  line 33');
  press(view, of, ['j']);
  assert.equal(at(), '>  line 0');
});

test('bytes as hexdump shows them', () => {
  assert.deepEqual(hexLines(Buffer.from('a\x00')), [`000000  61 00${' '.repeat(18)}  ${' '.repeat(23)}  |a.|`]);
  assert.deepEqual(hexLines(Buffer.alloc(0)), []);
});

test('numbers are short, and what is not known is no zero', () => {
  assert.deepEqual([null, 0, 0.01, 3.45, 9.99, 882, 999.6, 12_100, 99_960, 1_204_112, 812_000_000].map(short), [
    '–',
    '0',
    '<0.1',
    '3.5',
    '10',
    '882',
    '1.00k',
    '12.1k',
    '100k',
    '1.20M',
    '812M',
  ]);
  assert.deepEqual([null, 5, 1_900, 1_100_000_000_000].map(size), ['–', '5 B', '1.90 kB', '1.10 TB']);
  assert.equal(trendBars([null, 0, 5, 10], 6), '   ▁▅█');
});

test('what there is of a value is said in lines, in hex in bytes; empty text is named', async () => {
  const of = scene();
  const record = await opened('{"a":1}');
  assert.match(screenText(record, of, 80, 24).join('\n'), /value {4}JSON, 3 lines/);
  press(record, of, ['x']);
  assert.match(screenText(record, of, 80, 24).join('\n'), /value {4}JSON, 7 bytes/);
  assert.match(screenText(await opened(''), of, 80, 24).join('\n'), /value {4}empty text/);
});

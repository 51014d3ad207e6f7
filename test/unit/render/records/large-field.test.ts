/** Keys and values of megabytes, which are written in pieces: as the same bytes that small ones are, without a copy of the whole. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { Serde } from '../../../../src/records/serde/serde.ts';
import type { RecordFormat } from '../../../../src/records/stream.ts';
import { format, rendered } from './records.ts';

const large = 3 << 20;
const [binary, control] = [randomBytes(large), Buffer.alloc(large)];
const text = 'ä€😀 "quoted" \\ and \u0007 plain words '.repeat(large / 30);
const lines = `${'first ä€😀\nsecond\u0007\n'.repeat(large / 20)}last\n`;

for (const [what, value, encoding] of [
  ['text with characters of every length', Buffer.from(text), undefined],
  ['control characters, six bytes each', control, undefined],
  ['bytes that are no text', binary, 'base64'],
] as const) {
  test(`-o json writes ${what} in pieces`, async () => {
    const records = [
      { key: 'a', value: 'before' },
      { key: value, value },
      { key: 'b', value: 'behind' },
    ];
    const written = await rendered(records, { style: 'json' });
    const read = written
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      read.map((record) => record.key?.length),
      [1, read[1].key.length, 1],
    );
    assert.equal(read[1].valueEncoding, encoding);
    assert.ok(Buffer.from(read[1].value, encoding).equals(value));
    assert.ok(Buffer.from(read[1].key, encoding).equals(value));
    assert.equal(read[2].value, 'behind');
  });
}

test('no piece of a large value is large', async () => {
  const sizes: number[] = [];
  const write = async (bytes: Uint8Array): Promise<void> => {
    sizes.push(bytes.length);
  };
  for (const style of ['json', 'pretty'] as const) await rendered([{ value: control }], { style }, { write });
  assert.ok(Math.max(...sizes) < 1 << 20, `${Math.max(...sizes)} bytes`);
});

test('-o value and -f write large values as they are, with what stands around them', async () => {
  assert.deepEqual(
    await rendered([{ value: 'a' }, { value: binary }, { value: 'b' }]),
    Buffer.concat([Buffer.from('a\n'), binary, Buffer.from('\nb\n')]),
  );
  const given: Partial<RecordFormat> = format({ style: 'template', template: '<%k|%v>' });
  assert.deepEqual(
    await rendered([{ key: binary, value: binary }], given),
    Buffer.concat([Buffer.from('<'), binary, Buffer.from('|'), binary, Buffer.from('>')]),
  );
});

test('pretty indents the lines of a large value like those of a small one', async () => {
  const small = (await rendered([{ key: 'k', value: lines.slice(-60) }], { style: 'pretty' })).toString();
  const written = (await rendered([{ key: 'k', value: lines }], { style: 'pretty' })).toString();
  assert.equal(written.slice(-40), small.slice(-40));
  const [head, ...rows] = written.split('\n');
  assert.equal(head, small.split('\n')[0]);
  assert.equal(rows[0], '  first ä€😀');
  assert.equal(rows[1], '  second\\x07');
  assert.equal(rows.at(-2), '  last\\n');
});

test('pretty shows a large value like a small one where its schema cannot be told: as text where it is text, else in hex', async () => {
  const unread: Serde = {
    name: 'schema',
    kind: 'json',
    text: () => undefined,
    decode: () => null,
    isElseText: true,
    takes: '',
  };
  const shown = async (value: string | Buffer) =>
    (
      await rendered([{ key: 'k', value }], { style: 'pretty', valueFormat: undefined, schemas: { serde: () => unread } })
    ).toString();
  for (const [large, small] of [
    [text, text.slice(0, 300)],
    [binary, binary.subarray(0, 100)],
  ] as const) {
    const [head, line] = (await shown(large)).split('\n');
    const [smallHead, smallLine] = (await shown(small)).split('\n');
    assert.equal(head, smallHead);
    const begin = (row: string | undefined) => row!.replace(/^ {2}[\d,]+ bytes: /, '').slice(0, 200);
    assert.equal(begin(line), begin(smallLine));
  }
});

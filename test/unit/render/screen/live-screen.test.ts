/** A value that goes on, on the full screen: the tables of its newest sample, chosen columns, keys. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FullScreen, Key, ScreenHost } from '../../../../src/cli/full-screen.ts';
import type { Live, LiveScreen } from '../../../../src/cli/live.ts';
import type { Column } from '../../../../src/cli/shape.ts';
import { plain } from '../../../../src/render/colors.ts';
import { drawFrame } from '../../../../src/render/screen/frame.ts';
import { liveScreen } from '../../../../src/render/screen/live-screen.ts';

interface Topic {
  readonly topic: string;
  readonly endOffset: number | null;
}

const columns: readonly Column<Topic>[] = [
  { header: 'TOPIC', get: ({ topic }) => topic },
  { header: 'END-OFFSET', get: ({ endOffset }) => endOffset, unit: 'count' },
];
/** It shows as many columns as its view says; g takes one away. */
const screen: LiveScreen<Topic, number> = {
  view: 2,
  press: (view, { name }) => (name === 'g' ? view - 1 : undefined),
  blocks: (topic, lines, view) => [
    { heading: [['lines', lines]], columns: columns.slice(0, view), rows: [topic], footer: 'q quit' },
  ],
};
const host: ScreenHost = { redraw() {}, repaint() {}, copy: () => true, shown: () => true };
const press = (program: FullScreen, name: string): void => program.key({ name, text: name } satisfies Key);

/** What a terminal without colours shows. */
function shown(program: FullScreen, width = 40, lines = 6): readonly string[] {
  const size = { columns: width, lines };
  const drawn = drawFrame(program.frame(size), size, { paint: plain, unicode: true });
  return drawn.map((line) => line.replaceAll(/\x1b\[\d+G/g, '').trimEnd());
}

/** Its samples, each with what is on the screen then; `key` is pressed after the first. */
async function run(options: Parameters<typeof liveScreen>[2], key = 'x') {
  const screens: (readonly string[])[] = [];
  const live: Live<Topic, number> = {
    async *live() {
      yield { topic: 'a\x1b[2Jあ', endOffset: 12_345 };
      screens.push(shown(program));
      press(program, key);
      screens.push(shown(program));
      yield { topic: 'b', endOffset: null };
      screens.push(shown(program));
    },
    json: (topic) => topic,
  };
  const program = liveScreen(live as Live<unknown>, screen as LiveScreen<unknown>, options);
  assert.deepEqual(shown(program), ['', '', '', '', '', ''], 'before the first sample');
  await program.run(host);
  return screens;
}

test('it shows the tables of the newest sample, harmless and aligned, and what a key makes of them', async () => {
  const [first, pressed, second] = await run({}, 'g');
  assert.deepEqual(first, ['lines:  6', '', 'TOPIC       END-OFFSET', 'a\\x1b[2Jあ      12,345', 'q quit', '']);
  assert.deepEqual(pressed, ['lines:  6', '', 'TOPIC', 'a\\x1b[2Jあ', 'q quit', '']);
  assert.deepEqual(second, ['lines:  6', '', 'TOPIC', 'b', 'q quit', '']);
});

test('a key may lead to a table without some of the chosen columns: the others are shown', async () => {
  const [first, pressed] = await run({ columns: ['end-offset', 'topic'], noHeaders: true }, 'g');
  assert.deepEqual(first!.slice(0, 2), ['12,345  a\\x1b[2Jあ', '']);
  assert.deepEqual(pressed!.slice(0, 2), ['a\\x1b[2Jあ', '']);
});

test('a column that there is not and --sort are refused', async () => {
  await assert.rejects(run({ columns: ['size'] }), { kind: 'usage', message: 'unknown column size' });
  await assert.rejects(run({ sort: { column: 'topic', descending: false } }), { kind: 'usage', message: /^--sort on a live/ });
});

test('q ends it, and nothing else does', async () => {
  const live: Live<Topic, number> = {
    async *live(signal) {
      yield { topic: 'a', endOffset: 1 };
      press(program, 'x');
      assert.equal(signal.aborted, false);
      press(program, 'q');
      signal.throwIfAborted();
      assert.fail();
    },
    json: (topic) => topic,
  };
  const program = liveScreen(live as Live<unknown>, screen as LiveScreen<unknown>, {});
  assert.equal(await program.run(host), undefined);
  const broken: Live<Topic, number> = {
    ...live,
    async *live() {
      yield { topic: 'a', endOffset: 1 };
      throw new Error('no broker answers');
    },
  };
  await assert.rejects(liveScreen(broken as Live<unknown>, screen as LiveScreen<unknown>, {}).run(host), /no broker/);
});

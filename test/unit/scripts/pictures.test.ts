/** README's pictures: small and whole, and what they show is still what kt prints. `npm run pictures` makes them anew. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readScreen, textOf } from '../../../scripts/pictures/screen.ts';
import { svgOf } from '../../../scripts/pictures/svg.ts';
import { parse } from '../../../src/cli/program.ts';
import { commands } from '../../../src/commands/index.ts';
import { lagLive } from '../../../src/commands/lag/watch-view.ts';
import { overviewView } from '../../../src/commands/top/overview.ts';
import { planShape } from '../../../src/commands/topics/apply-shape.ts';
import type { WatchSample } from '../../../src/core/lag/watch.ts';
import { group, scene, screenText, topic } from '../../support/top-screen.ts';

const folder = join(import.meta.dirname, '../../../docs/pictures');
const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const pictures = readdirSync(folder);

const unescaped = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&');

/** What is written on a picture, line by line, each piece at its column. */
function linesOf(svg: string): readonly string[] {
  return [...svg.matchAll(/^<g>(.*)<\/g>$/gm)].map(([, line]) => {
    let shown = '';
    for (const [, x, piece] of line!.matchAll(/<text x="([\d.]+)"[^>]*>([^<]*)<\/text>/g))
      shown = `${shown.padEnd(Math.round((Number(x) - 18) / 8.4))}${unescaped(piece!)}`;
    return shown;
  });
}

/** The headers of tables: lines of nothing but words in capitals. */
function headersOf(lines: readonly string[]): readonly (readonly string[])[] {
  return lines.filter((line) => /^ *[A-Z/-]+([ ]+[A-Z/-]+)+ *$/.test(line)).map((line) => line.trim().split(/ +/));
}

/** The words of a shell's line, as far as the pictures need one. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!);
}

/** Elements that were opened and not closed, or closed and not opened. */
function unbalanced(svg: string): readonly string[] {
  const open: string[] = [];
  for (const [tag, end, name, empty] of svg.matchAll(/<(\/?)([a-z]+)((?: [\w:-]+="[^"<]*")*)(\/?)>/gi)) {
    if (tag.endsWith('/>') || empty === '/') continue;
    if (end !== '/') open.push(name!);
    else if (open.at(-1) === name) open.pop();
    else return [...open, tag];
  }
  return open;
}

for (const name of pictures) {
  test(`${name} is well-formed and small, is on README, and its commands exist`, async () => {
    const svg = read(name);
    assert.ok(Buffer.byteLength(svg) < 60_000, `${Buffer.byteLength(svg)} bytes`);
    assert.deepEqual(unbalanced(svg), []);
    // Between the tags there is text, in which every < and & is escaped.
    assert.doesNotMatch(svg.replaceAll(/<\/?[a-z]+(?: [\w:-]+="[^"<]*")*\/?>/gi, ''), /<|&(?!(?:lt|amp|quot);)/);
    assert.match(svg, /<desc>kt .+<\/desc>/);
    assert.ok(readme.includes(`(docs/pictures/${name})`), 'it is on README');
    const typed = linesOf(svg).filter((line) => line.startsWith('$ kt '));
    for (const line of [...typed, `$ ${/<title>(.+)<\/title>/.exec(svg)![1]}`]) {
      const [, , ...words] = wordsOf(line);
      if (words.length > 1 || words[0] === 'top') assert.equal((await parse(commands, words, {})).kind, 'run', line);
    }
  });
}

describe('the columns of pictures are those of kt', () => {
  test('of kt topics apply', () => {
    const headers = headersOf(linesOf(read('apply.svg')));
    assert.ok(headers.length > 0);
    for (const header of headers)
      assert.deepEqual(
        header,
        planShape.tables![0]!.map((column) => column.header),
      );
  });

  test('of kt top, as wide as its picture is', () => {
    const drawn = screenText(overviewView(), scene({ topics: [topic('orders')], groups: [group('billing')] }), 96, 26);
    assert.deepEqual(headersOf(linesOf(read('top.svg'))), headersOf(drawn));
  });

  test('of kt lag --watch', () => {
    const lastSeen = { timestamp: 0, groups: [] };
    const sample: WatchSample = { ...lastSeen, problems: [], lastSeen };
    const screen = lagLive(async function* () {}).screen!;
    const view = { ...screen.view, level: 'group' as const };
    const [block] = screen.blocks(sample, 40, view);
    const [shown] = headersOf(linesOf(read('lag.svg')));
    assert.deepEqual(
      shown,
      block!.columns.map((column) => column.header),
    );
  });
});

test('what a terminal shows comes into the picture: places, colours, bars', () => {
  const lines = readScreen('\x1b[32m$\x1b[0m kt <a>\n\n  \x1b[2mLAG\x1b[22m \x1b[7m▁█ x\x1b[0m   \n\n');
  assert.deepEqual(lines.map(textOf), ['$ kt <a>', '', '  LAG ▁█ x']);
  const svg = svgOf(lines, { title: 'kt a & b', description: 'kt', columns: 20 });
  assert.deepEqual(linesOf(svg), ['$ kt <a>', '', '  LAG    x']);
  assert.deepEqual(unbalanced(svg), []);
  assert.match(svg, /fill="#7ee787">\$</);
  assert.match(svg, /opacity="0.6">LAG</);
  assert.throws(() => readScreen('\x1b[45mx'), /SGR 45 is new/);
});

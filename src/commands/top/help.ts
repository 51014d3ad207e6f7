/** The keys, and what the numbers of the screen mean that it was called from. */
import type { ScreenLine } from '../../cli/full-screen.ts';
import { requestsPerSecond } from '../../core/top/pacing.ts';
import { cursorStep } from './cursor.ts';
import { type Room, type Scene, toned, type View } from './view.ts';

const keys: readonly (readonly [key: string, does: string])[] = [
  ['1 2 3 4 Tab', 'overview, topics, groups, brokers'],
  ['↑↓ j k', 'a row'],
  ['PgUp PgDn ^B ^F', 'a page; g G Home End the ends'],
  ['Enter →', 'open'],
  ['Esc ← Backspace', 'back'],
  ['/', 'filter: a part of the name, or a pattern'],
  ['s S', 'sort by the next column, turn'],
  ['Space', 'pause: nothing is asked'],
  ['r', 'now, sizes too'],
  ['+ −', 'ask less often, more often'],
  ['P', 'another profile'],
  ['y', "copy the name or value to the terminal's clipboard"],
  ['Y', 'copy the kt command; twice: print it at the end'],
  ['? h F1', 'this help'],
  ['q ^C', 'quit;  ^Z to the shell;  ^L draw anew'],
];

const keyWidth = 17;
/** Lines. */
const page = 10;

/** @param of the screen that help was called from */
function drawHelp(
  { snapshot }: Scene,
  of: View,
  { width, height }: Room,
  above: number,
): { lines: readonly ScreenLine[]; count: number } {
  const { all, busiest } = snapshot.asks;
  const row = ([key, does]: readonly [string, string], wide: number): ScreenLine['spans'] => [
    { text: ` ${key}`, width: Math.min(keyWidth, wide), tone: 'strong' },
    { text: does, width: Math.max(0, wide - keyWidth) },
  ];
  const asks = `Asks now ${all.toFixed(1)}/s in all, ${busiest.toFixed(1)}/s of the busiest broker (limit ${requestsPerSecond}). Changes nothing.`;
  const mouse = 'The mouse selects text as everywhere. Linear ways: kt top -o json, kt lag --watch -o json, kt tail.';
  const own =
    of.help.length > 0
      ? [{ spans: [toned(' On this screen', 'strong')] }, ...of.help.map((each) => ({ spans: row(each, width) }))]
      : [];
  const columns = width >= 110 ? 2 : 1;
  const half = Math.floor(width / columns);
  const body: ScreenLine[] =
    columns === 1
      ? [...keys.map((each) => ({ spans: row(each, width) })), { spans: [] }, ...own]
      : Array.from({ length: Math.max(keys.length, of.help.length) }, (_, index) => ({
          spans: [...row(keys[index] ?? ['', ''], half), ...row(of.help[index] ?? ['', ''], width - half)],
        }));
  const all_ = [...body, { spans: [] }, { spans: [toned(` ${asks}`, undefined)] }, { spans: [toned(` ${mouse}`, 'dim')] }];
  return { lines: all_.slice(above, above + height), count: all_.length };
}

export function helpView(of: View): View {
  let above = 0;
  let most = 0;
  return {
    isPassing: true,
    title: () => [toned('Keys', 'strong')],
    draw(scene, room) {
      const { lines, count } = drawHelp(scene, of, room, above);
      most = Math.max(0, count - room.height);
      return { lines };
    },
    key(key, _scene, actions) {
      if (key.name === 'q') return false;
      const step = cursorStep(key);
      if (step) above = step(above, page + 1, most + 1);
      else actions.back();
      return true;
    },
    focus: () => of.focus(),
    hints: () => (most > 0 ? ['↑↓ scroll', 'any other key closes'] : ['any key closes']),
    isTyping: () => false,
    help: [],
  };
}

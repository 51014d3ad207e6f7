/** The options of `kt aggregate` as a line that can be typed again; how to reach the cluster, which may be secret, is not in it. */
import { isoTime } from '../../base/iso-time.ts';
import type { Position } from '../../base/position.ts';
import { shellWord } from '../../base/shell-word.ts';
import { exactDuration } from '../../base/units.ts';
import { flagOf } from '../../cli/define.ts';
import { measureKinds } from '../../records/aggregate/spec.ts';

/** The options that a line shows, in its order. */
export const shownOptions: readonly string[] = [
  ...['fromBeginning', 'from', 'to', 'exit', 'isolation', 'where', 'by', ...measureKinds],
  ...['window', 'hop', 'session', 'time', 'grace', 'emit', 'value', 'into', 'group', 'print'],
];

/** @param options as the command receives them, by their names */
export function commandLine(topic: string, options: Readonly<Record<string, unknown>>): string {
  const words = shownOptions.flatMap((name) => {
    const given = options[name];
    const flag = flagOf(name);
    if (given === undefined || given === false) return [];
    if (given === true) return [flag];
    return (Array.isArray(given) ? given : [given]).map((value) => `${flag} ${shellWord(textOf(value))}`);
  });
  return `kt aggregate ${[shellWord(topic), ...words].join(' ')}`;
}

function textOf(value: unknown): string {
  if (typeof value === 'number') return exactDuration(value);
  return typeof value === 'string' ? value : positionText(value as Position);
}

function positionText(position: Position): string {
  switch (position.at) {
    case 'offset':
      return String(position.offset);
    case 'last':
      return `-${position.count}`;
    case 'time':
      return `@${isoTime(position.timestampMs)}`;
    default:
      return position.at;
  }
}

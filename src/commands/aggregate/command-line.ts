/** The options of `kt aggregate` as a line that can be typed again; how to reach the cluster, which may be secret, is not in it. */
import { isoTime } from '../../base/iso-time.ts';
import type { Position } from '../../base/position.ts';
import { shellWord } from '../../base/shell-word.ts';
import { formatDuration, parseDuration } from '../../base/units.ts';
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

/** `--from-beginning` of `fromBeginning`. */
export function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function textOf(value: unknown): string {
  if (typeof value === 'number') return durationText(value);
  return typeof value === 'string' ? value : positionText(value as Position);
}

function durationText(ms: number): string {
  const text = formatDuration(ms);
  return parseDuration(text) === ms ? text : `${ms}ms`;
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

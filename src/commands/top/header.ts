/** The three lines at the top that every screen has, and the last one. */

import { counted, formatDuration } from '../../base/units.ts';
import type { ScreenLine, Span } from '../../cli/full-screen.ts';
import type { Snapshot } from '../../core/top/snapshot.ts';
import { age, clockTime, rate, whole } from './numbers.ts';
import { ends, line, type Scene, shortName, toned, type View } from './view.ts';

const tabs = ['Overview', 'Topics', 'Groups', 'Brokers'] as const;

/** Where, how much there is, how often it is asked. */
export function firstLine({ snapshot, where, isPaused }: Scene, width: number): ScreenLine {
  const { brokers, sums, groups, intervalMs, timestamp, isGone } = snapshot;
  const facts = [
    counted(brokers.length, 'broker'),
    counted(sums.topics, 'topic'),
    ...(snapshot.groupsListed ? [counted(groups.length, 'group')] : []),
  ].join('  ');
  const pace = isPaused ? toned('paused', 'warn') : toned(`every ${formatDuration(Math.round(intervalMs))}`, 'dim');
  const right = [pace, toned(`  ${clockTime(timestamp)} `, isGone ? 'dim' : undefined)];
  const over = ` ${where}  ${facts} `.length + right.reduce((sum, { text }) => sum + text.length, 0) - width;
  // The address of the first of several servers; the others are a number behind it.
  const place = over > 0 ? where.replace(/^\S+/, (name) => shortName(name, name.length - over)) : where;
  return ends([toned(` ${place}`, 'strong'), toned(`  ${facts}`, undefined)], right, width);
}

/** The numbered screens and what goes through the cluster; or where one is, below one of them. */
export function secondLine(scene: Scene, view: View, width: number): ScreenLine {
  const { inPerSecond, inIsPart, outPerSecond } = scene.snapshot.sums;
  const title = view.title?.(scene);
  if (title) return ends([toned(' ', undefined), ...namesShortened(title, width - 1)], [], width);
  const named = width >= 60;
  const left = tabs.map((name, index): Span => {
    const shown = `${index + 1} ${name}`;
    const isHere = view.tab === index + 1;
    if (!named && !isHere) return toned(` ${index + 1}`, 'dim');
    return isHere ? toned(` [${shown}]`, 'strong') : toned(` ${shown}`, undefined);
  });
  const flow = `in ${rate(inPerSecond, inIsPart)}/s  out ${rate(outPerSecond)}/s `;
  return ends(left, [toned(flow, undefined)], width);
}

/** The name in a title gives way to what is said of it. */
function namesShortened(title: readonly Span[], width: number): readonly Span[] {
  const over = title.reduce((sum, { text }) => sum + text.length, 0) + 1 - width;
  if (over <= 0) return title;
  return title.map((span) =>
    span.tone === 'strong' ? { ...span, text: shortName(span.text, span.text.length - over) } : span,
  );
}

/** The worst thing that is wrong; empty where nothing is, so that no line jumps. */
export function thirdLine({ snapshot, now }: Scene, width: number): ScreenLine {
  const worst = worstOf(snapshot, now);
  if (worst === undefined) return line();
  // Where space is short, what is counted is clear without the word, and the last number is not.
  const text = worst.text.length + 3 > width ? worst.text.replace(' partitions', '') : worst.text;
  return line(toned(` ! ${text}`, worst.tone));
}

function worstOf(snapshot: Snapshot, now: number): { text: string; tone: 'bad' | 'warn' } | undefined {
  const { brokers, sums, isGone, answeredAt, nextTryMs, problems, timestamp } = snapshot;
  if (isGone) {
    const next = nextTryMs === null ? '' : `; next try in ${Math.ceil(nextTryMs / 1000)} s`;
    return { text: `no broker answers; all of this is of ${age(timestamp - answeredAt)} ago${next}`, tone: 'bad' };
  }
  const silent = brokers.filter(({ problem }) => problem);
  const { offline, underReplicated: under } = sums;
  const parts: string[] = [];
  if (silent.length > 0) {
    const [first] = silent;
    const since = first!.answeredAt === null ? '' : ` for ${age(now - first!.answeredAt)}`;
    parts.push(silent.length === 1 ? `broker ${first!.broker}: no answer${since}` : `${silent.length} brokers do not answer`);
  }
  if (offline > 0 || under > 0) parts.push(`${whole(under)} partitions under-replicated, ${whole(offline)} offline`);
  if (parts.length > 0) return { text: parts.join('; '), tone: silent.length > 0 || offline > 0 ? 'bad' : 'warn' };
  const [problem] = problems;
  return problem && { text: problem.message, tone: 'warn' };
}

/** What keys do here; a message takes the place. */
export function lastLine(view: View, message: string | undefined, width: number): ScreenLine {
  if (message !== undefined) return line(toned(` ${message}`, 'strong'));
  const isTyping = view.isTyping() || view.isPassing === true;
  const general = isTyping ? [] : [...(view.tab === 1 ? [] : ['Esc back']), 'Space pause', 'P profile'];
  const always = isTyping ? '' : '  ? help  q quit';
  let text = '';
  // The keys of this screen first; help tells all.
  for (const hint of [...view.hints(), ...general.filter((each) => !isGiven(each, view))])
    if (text.length + hint.length + always.length + 2 < width) text += `${text === '' ? ' ' : '  '}${hint}`;
  return line(toned(text + always, 'dim'));
}

/** Whether a key means something else on this screen, and is named there. */
function isGiven(hint: string, view: View): boolean {
  const [key] = hint.split(' ');
  return view.hints().some((each) => each.split(' ')[0] === key);
}

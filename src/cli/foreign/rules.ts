/** What becomes of one option of another tool: the pieces that translations are made of. */
import { parseDuration } from '../../base/units.ts';

/** kt's line while it is made. */
export interface Draft {
  readonly args: string[];
  readonly options: string[];
  /** What Kafka's console tools take as `--property key=value`. */
  readonly properties: Map<string, string>;
}

/** How an option is read. */
export interface Rule {
  /** `maybe`: a value unless the next word is an option, or there is none. */
  readonly takes: 'value' | 'nothing' | 'maybe';
  /** Puts kt's words into the draft; false when the option is not meant so, such as kt's own of the same letter. */
  read(value: string, draft: Draft): boolean | undefined;
}

export type Rules = Readonly<Record<string, Rule>>;

/** A value that is read by a function. */
export function value(read: (value: string, draft: Draft) => boolean | undefined | number): Rule {
  return { takes: 'value', read: (text, draft) => read(text, draft) !== false };
}

/** The same value under kt's name. */
export const named = (option: string): Rule => value((text, { options }) => options.push(option, text));

/** kt's options for a flag. */
export const flagged = (...words: readonly string[]): Rule => ({
  takes: 'nothing',
  read: (_, { options }) => options.push(...words) > 0,
});

/** A flag whose meaning kt has without an option. */
export const gone: Rule = { takes: 'nothing', read: () => true };

/** The same for an option with a value. */
export const goneWith = value(() => true);

/** A value that kt takes as an argument. */
export const argument = value((text, { args }) => args.push(text));

/** Several values between commas, one option for each; a number that follows a colon belongs to what stands before it. */
export const each = (option: string): Rule =>
  value((text, { options }) => {
    for (const one of listed(text)) options.push(option, one);
  });

/** `foo:0,1,bar` is `foo:0,1` and `bar`; `0,1` are two. */
export function listed(text: string): readonly string[] {
  return text.split(/,(?!\d+(?:,|$))|,(?<=^[\d,]*)/);
}

const same: Readonly<Record<string, string>> = {
  beginning: 'beginning',
  earliest: 'beginning',
  oldest: 'beginning',
  start: 'beginning',
  end: 'end',
  latest: 'end',
  newest: 'end',
  now: 'end',
};

/** kt's position for one of another tool, or undefined. */
export function positionOf(text: string): string | undefined {
  if (Object.hasOwn(same, text)) return same[text];
  if (/^-?\d+$/.test(text)) return text;
  const time = /^@(.+)$/.exec(text)?.[1];
  if (time === undefined) return parseDuration(text.replace(/^-/, '')) === undefined ? undefined : text;
  return `@${instantOf(time)}`;
}

/** A time as kcl and rpk mean it (kcl's `offsetparse`): days are in UTC, 9 or 10 digits are seconds, 19 nanoseconds. */
function instantOf(time: string): string {
  if (/^\d{9,10}$/.test(time)) return `${time}000`;
  if (/^\d{19}$/.test(time)) return time.slice(0, 13);
  return /^\d{4}-\d\d-\d\d$/.test(time) ? `${time}T00:00Z` : time;
}

/** A position under kt's name for it. */
export const positionAs = (option: string): Rule =>
  value((text, { options }) => {
    const position = positionOf(text);
    return position === undefined ? false : options.push(option, position);
  });

/** A time, which Kafka's tools write without the `@`. */
export const timeAs = (option: string): Rule =>
  value((text, { options }) => options.push(option, `@${text.replace(/^@/, '')}`));

/** A time of Kafka's scripts, which is in UTC where it names no zone (`Utils.getDateTime`); one of kt's is the machine's then. */
export const utcTimeAs = (option: string): Rule =>
  value((text, { options }) => options.push(option, `@${text}${/T.*(Z|[+-])/.test(text) ? '' : 'Z'}`));

/** Milliseconds as a duration: `5000` is `5s`. */
export const millisecondsAs = (option: string): Rule =>
  value((text, { options }) => {
    if (!/^\d+$/.test(text)) return false;
    const ms = Number(text);
    return options.push(option, ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`);
  });

/** ISO 8601's durations: `PT1H30M` is `1h30m`, `P7D` is `7d`. */
export const isoDurationAs = (option: string): Rule =>
  value((text, { options }) => {
    const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text)?.slice(1);
    const units = ['d', 'h', 'm', 's'];
    const duration = parts?.map((part, at) => (part ? `${part}${units[at]}` : '')).join('');
    return duration ? options.push(option, duration) : false;
  });

/** `name:value`, as Go's tools write headers. */
export const headerAs = (option: string): Rule =>
  value((text, { options }) => {
    const [, name, text_] = /^((?:\\.|[^:=])+)[:=](.*)$/s.exec(text) ?? [];
    return name === undefined ? false : options.push(option, `${name.replaceAll('\\:', ':')}=${text_!.replaceAll('\\:', ':')}`);
  });

/** A pattern of `*` and `?` as the regular expression that kt's filters take. */
export function globAsRegex(glob: string): string {
  const inner = glob.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('?', '.');
  const begins = inner.startsWith('*') ? inner.replace(/^\*+/, '') : `^${inner}`;
  return (begins.endsWith('*') ? begins.replace(/\*+$/, '') : `${begins}$`).replaceAll('*', '.*');
}

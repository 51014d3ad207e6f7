/** A line of the table of jobs, and the words that several lines share. */
import type { Job } from './job.ts';

export type More = Omit<Job, 'taken' | 'command' | 'line'>;
/** Words as a regular expression, a flag that must be there too (or ''), kt's command, and what else there is to know. */
export type Row = readonly [words: string, flag: string, command: string, more?: More];

export const topics = 'topics?';
export const groups = '(?:(?:consumer-|share-|streams-)?groups?|cg)';
export const listing = '(?:get|list|ls|show)';

/** Words that nothing follows but options. */
export const alone = (words: string): string => `${words}$`;

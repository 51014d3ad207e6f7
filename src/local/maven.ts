/** What Maven fetches, once, and the cache then keeps. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KtError } from '../base/errors.ts';
import { withLock } from '../base/lock.ts';
import { run } from './process.ts';
import type { LocalOptions } from './runtime.ts';

/**
 * Fills a folder of the cache unless it is there; it appears complete or not at all.
 * @param what goes on after the word fetching: `Kafka 4.3.1 with Maven, once`
 * @param download fills the folder that it is given
 */
export async function fetchOnce(
  folder: string,
  what: string,
  cacheDirectory: string,
  { signal, note }: LocalOptions,
  download: (into: string) => Promise<void>,
): Promise<void> {
  if (existsSync(folder)) return;
  // Maven's own repository cannot take two writers either, so one lock serves all that is fetched.
  await withLock(join(cacheDirectory, 'kafka', 'download.lock'), signal, async () => {
    if (existsSync(folder)) return;
    note(`fetching ${what}`);
    mkdirSync(dirname(folder), { recursive: true });
    const draft = mkdtempSync(`${folder}.part-`);
    try {
      await download(draft);
      renameSync(draft, folder);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  });
}

/** Runs a goal in a folder. Resolves with why it failed, in Maven's words; undefined when it did not. */
export async function runMaven(goal: readonly string[], cwd: string, signal: AbortSignal): Promise<string | undefined> {
  const { code, stdout, stderr } = await run('mvn', ['-B', '-q', '-Dstyle.color=never', ...goal], { cwd, signal });
  return code === 0 ? undefined : mavenReason(stdout + stderr);
}

/** The error for what Maven could not fetch. */
export function cannotFetch(what: string, reason: string): KtError {
  return new KtError('connection', `Maven cannot fetch ${what} (${reason})`, {
    hint: 'check the network and the mirrors in ~/.m2/settings.xml, then try again',
  });
}

/** The reason in Maven's own words: its first error line, without the goal's name and the footnotes. */
export function mavenReason(output: string): string {
  // Some Mavens reset colours even where colours are off.
  const lines = output
    .replace(/\x1b\[[\d;]*m/g, '')
    .trim()
    .split('\n');
  const line = lines.find((text) => text.startsWith('[ERROR]')) ?? lines[0] ?? '';
  return line
    .replace(/^\[ERROR\]\s*/, '')
    .replace(/^Failed to execute goal (on project local|[^ ]+ \([^)]*\) on project local): /, '')
    .replace(/ -> \[Help \d+\].*$/, '')
    .trim();
}

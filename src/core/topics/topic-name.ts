/** What a topic can be called: Kafka's rule (its class Topic). */
import { usageError } from '../../base/errors.ts';

const maxLength = 249;

/** Whether a topic could have this name, or one that begins with it. */
export function canNameTopic(name: string): boolean {
  return flawOf(name) === undefined;
}

/** @throws KtError `usage` that says what is wrong with the name of a topic */
export function requireTopicName(name: string): void {
  const flaw = name === '.' || name === '..' ? 'the names . and .. are reserved' : flawOf(name);
  if (!flaw) return;
  const shown = name.length > 60 ? `${name.slice(0, 57)}…` : name || "''";
  throw usageError(`illegal topic name ${shown} (${flaw})`, 'topic names consist of letters a-z A-Z, digits, . _ and -');
}

function flawOf(name: string): string | undefined {
  if (name === '') return 'empty';
  if (name.length > maxLength) return `${name.length} characters, at most ${maxLength} are allowed`;
  const bad = /[^a-zA-Z0-9._-]/u.exec(name)?.[0];
  return bad === undefined ? undefined : `'${bad}' is not allowed`;
}

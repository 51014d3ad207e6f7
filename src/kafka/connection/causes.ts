/** What happened, inside of what kafkajs and the runtimes put around it. */

/** kafkajs wraps errors; the innermost says what happened. */
export function rootCause(error: unknown): unknown {
  let current = error;
  for (let depth = 0; depth < 8; depth++) {
    const inner =
      current instanceof Error ? ((current as { originalError?: unknown }).originalError ?? current.cause) : undefined;
    if (!(inner instanceof Error)) return current;
    current = inner;
  }
  return current;
}

/** A text in an error, such as its `code`; undefined where there is none. */
export function textOf(value: unknown, key: string): string | undefined {
  const found = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** A message as part of a sentence. */
export function oneLine(text: string): string {
  return text
    .replace(/^Connection error: /, '')
    .replace(/\s*\n[\s\S]*/, '')
    .replace(/\.$/, '');
}

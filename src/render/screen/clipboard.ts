/** What puts text on the terminal's clipboard: OSC 52. */

/** Bytes; terminals refuse or cut what is longer. */
const mostCopied = 100_000;

/** @returns undefined where the text is too long: a part of it would pass for the whole */
export function clipboardSequence(text: string): string | undefined {
  const bytes = Buffer.from(text);
  return bytes.length > mostCopied ? undefined : `\x1b]52;c;${bytes.toString('base64')}\x07`;
}

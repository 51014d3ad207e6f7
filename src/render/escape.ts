/** Makes text from the cluster harmless: characters that could act on a terminal, or disguise the text around them, are escaped. */

// C0 and C1 controls, DEL, invisible and bidirectional controls (Trojan Source), line separators, lone surrogates.
const acting =
  /(?:[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff])+/g;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeOf(code: number): string {
  const known = short[String.fromCharCode(code)];
  return known ?? (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`);
}

/** Of the first 256 characters, most of those there are; made when needed. */
const escapes: string[] = [];

function knownEscape(code: number): string {
  if (code > 0xff) return escapeOf(code);
  escapes[code] ??= escapeOf(code);
  return escapes[code];
}

/** A run of such characters. */
function written(run: string): string {
  if (run.length === 1) return knownEscape(run.charCodeAt(0));
  const parts: string[] = [];
  for (let index = 0; index < run.length; index++) parts.push(knownEscape(run.charCodeAt(index)));
  return parts.join('');
}

/** One line of text in which nothing acts on a terminal: such characters become `\x1b`, `\u202e`, `\n`. */
export function visible(text: string): string {
  return text.replace(acting, written);
}

/** The same for several lines, whose line ends stay. */
export function visibleLines(text: string): string {
  return text.replace(acting, (run) => (run.includes('\n') ? run.split('\n').map(written).join('\n') : written(run)));
}

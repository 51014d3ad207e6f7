/** Java's `.properties` syntax, as `java.util.Properties.load` reads it. */
import { usageError } from '../base/errors.ts';

export interface Entry {
  readonly name: string;
  readonly value: string;
  /** 1-based, where the entry begins. */
  readonly line: number;
}

/**
 * The bytes of a properties file as text: UTF-8 if they are valid UTF-8, else ISO-8859-1, as Java's `load(InputStream)` reads them.
 */
export function decodeProperties(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

/**
 * Every entry in the order written; of several with the same name, the last one counts.
 * @param file for error messages, which never quote the text: it may be a secret
 * @throws KtError `usage` at a malformed `\uXXXX`, the only possible syntax error
 */
export function parseProperties(text: string, file: string): Entry[] {
  return [...logicalLines(text)].map(({ content, line }) => {
    const key = /^(?:\\.|[^\\=: \t\f])*/su.exec(content)![0];
    const separator = /^[ \t\f]*[=:]?[ \t\f]*/.exec(content.slice(key.length))![0];
    const where = `${file}, line ${line}`;
    return { name: unescaped(key, where), value: unescaped(content.slice(key.length + separator.length), where), line };
  });
}

/** Natural lines joined at a backslash; without comments, blank lines and leading white space. */
function* logicalLines(text: string): Generator<{ content: string; line: number }> {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.replace(/^[ \t\f]+/, ''));
  for (let i = 0; i < lines.length; i++) {
    let content = lines[i]!;
    if (/^[#!]/.test(content)) continue;
    const line = i + 1;
    // A backslash that is not itself escaped joins the next line. Java drops one at the end of the file, and one that stands alone.
    while (content !== '\\' && /(?<!\\)(\\\\)*\\$/.test(content)) content = content.slice(0, -1) + (lines[++i] ?? '');
    if (content !== '' && content !== '\\') yield { content, line };
  }
}

const escapes: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function unescaped(text: string, where: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|[\s\S])/g, (_, code: string) => {
    if (code.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (code === 'u')
      throw usageError(`${where}: \\u is not followed by four hexadecimal digits`, 'write \\\\ for a backslash');
    return escapes[code] ?? code;
  });
}

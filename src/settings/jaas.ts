/** The syntax of `sasl.jaas.config`: one login module with its options. */

export interface LoginModule {
  /** The class name: `org.apache.kafka.common.security.plain.PlainLoginModule`. */
  readonly className: string;
  readonly options: ReadonlyMap<string, string>;
}

/**
 * Reads `CLASS required name="value" …;` by the rules of Kafka's JaasConfig: values may be quoted with `"` or `'`, with C's escapes.
 * @returns what is wrong as text when it cannot be parsed; the text never quotes the input, which holds a password
 */
export function parseJaas(text: string): LoginModule | string {
  const tokens = tokenize(text);
  if (typeof tokens === 'string') return tokens;
  const [className, flag, ...rest] = tokens;
  if (!className?.word) return 'it does not begin with the name of a login module';
  if (!/^(required|requisite|sufficient|optional)$/i.test(flag?.text ?? '')) {
    return 'the login module is not followed by "required"';
  }
  const end = rest.findIndex((token) => !token.word && token.text === ';');
  if (end === -1) return 'it does not end with a semicolon';
  if (end < rest.length - 1) return 'it has more than one login module, or an unquoted semicolon';
  const options = new Map<string, string>();
  for (let i = 0; i < end; i += 3) {
    const [name, equals, value] = rest.slice(i, Math.min(i + 3, end));
    if (!name?.word || equals?.word !== false || !value?.word) return `its option number ${i / 3 + 1} is not name="value"`;
    options.set(name.text, value.text);
  }
  return { className: className.text, options };
}

interface Token {
  readonly text: string;
  /** A name or a value, not punctuation. */
  readonly word: boolean;
}

const pattern =
  /(?<skip>\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<sign>[;=])|(?<quoted>"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*')|(?<word>[^\s;="']+)/y;

function tokenize(text: string): Token[] | string {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < text.length) {
    const groups = pattern.exec(text)?.groups;
    if (!groups) return 'a quoted value is not closed';
    if (groups['sign']) tokens.push({ text: groups['sign'], word: false });
    else if (groups['quoted']) tokens.push({ text: unescaped(groups['quoted'].slice(1, -1)), word: true });
    else if (groups['word']) tokens.push({ text: groups['word'], word: true });
  }
  return tokens;
}

const escapes: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** The escapes of java.io.StreamTokenizer, octal ones included. */
function unescaped(text: string): string {
  return text.replace(/\\([0-3]?[0-7]{1,2}|[\s\S])/g, (_, code: string) =>
    /^[0-7]/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : (escapes[code] ?? code),
  );
}

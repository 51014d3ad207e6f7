/** What the client of GSSAPI sends and accepts (RFC 4752), with a context that writes down what is asked of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gssapiClient, type SecurityContext } from '../../../../../src/kafka/connection/kerberos/client.ts';

/** Gives these tokens, and takes wrapped messages as they are. */
function contextOf(...tokens: readonly string[]) {
  const asked: string[] = [];
  let at = 0;
  const context: SecurityContext = {
    step(answer) {
      asked.push(`step ${answer ? Buffer.from(answer) : 'without an answer'}`);
      const token = Buffer.from(tokens[at++]!);
      return { token, isComplete: at === tokens.length };
    },
    wrap(bytes) {
      asked.push(`wrap ${Buffer.from(bytes).toString('hex')}`);
      return bytes;
    },
    unwrap(bytes) {
      asked.push('unwrap');
      return bytes;
    },
    release: () => void asked.push('release'),
  };
  return { asked, client: gssapiClient(() => context) };
}

const none = undefined as unknown as Uint8Array;
const text = ({ value }: IteratorResult<Uint8Array, void>) => value && Buffer.from(value).toString();

test('tokens go back and forth until the context is there, the last one even when it is empty, and no layer is chosen', () => {
  const { asked, client } = contextOf('one', '');
  assert.equal(text(client.next(none)), 'one');
  assert.equal(text(client.next(Buffer.from('hello'))), '');
  const choice = client.next(Buffer.from('07ffffff', 'hex'));
  assert.equal(Buffer.from(choice.value!).toString('hex'), '01000000');
  assert.equal(client.next(Buffer.alloc(0)).done, true);
  assert.deepEqual(asked, ['step without an answer', 'step hello', 'unwrap', 'wrap 01000000', 'release']);
});

test('a broker that wants a layer of its own, or offers something else, is not talked to', () => {
  for (const [offer, words] of [
    ['04000400', /wants a security layer/],
    ['01', /has 1 bytes, not 4/],
  ] as const) {
    const { asked, client } = contextOf('one');
    client.next(none);
    assert.throws(() => client.next(Buffer.from(offer, 'hex')), words);
    assert.equal(asked.at(-1), 'release');
  }
});

test('who gives up in between gives the context back', () => {
  const { asked, client } = contextOf('one', 'two');
  client.next(none);
  client.return();
  assert.deepEqual(asked, ['step without an answer', 'release']);
});

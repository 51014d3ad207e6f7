import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KtError } from '../../../../src/base/errors.ts';
import { bootstrap } from '../../../../src/kafka/connection/bootstrap.ts';
import type { BrokerSockets, OpenBroker } from '../../../../src/kafka/connection/broker.ts';

type Behaviour = 'good' | 'slow' | 'mute' | KtError;

/** Servers named a, b, c …, what became of them, and in which order they were asked. */
function servers(...behaviours: readonly Behaviour[]) {
  const asked: string[] = [];
  const dropped: string[] = [];
  const list = behaviours.map((_, index) => ({ host: String.fromCharCode(97 + index), port: 9092 }));
  const open: OpenBroker = (address, { signal }) => {
    asked.push(address.host);
    const behaviour = behaviours[asked.length - 1]!;
    const sockets = { address, drop: () => dropped.push(address.host) } as unknown as BrokerSockets;
    if (behaviour instanceof KtError) return Promise.reject(behaviour);
    return new Promise((resolve, reject) => {
      const timer = behaviour === 'mute' ? undefined : setTimeout(resolve, behaviour === 'good' ? 0 : 400, sockets);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        dropped.push(address.host);
        reject(new KtError('connection', 'gave up'));
      });
    });
  };
  return { list, open, asked, dropped };
}

function down(host: string, code = 'ECONNREFUSED'): KtError {
  return new KtError('connection', `no connection to ${host}:9092 (it is down)`, { code, hint: 'wake it' });
}

const patience = () => ({ signal: new AbortController().signal, timeoutMs: 5_000 });

test('the first server that answers is taken, and no other is asked', async () => {
  const { list, open, asked } = servers('good', 'good');
  assert.equal((await bootstrap(list, open, patience())).address.host, 'a');
  assert.deepEqual(asked, ['a']);
});

test('a server that is down makes room for the next at once, a silent one after a moment, and is let go when another wins', async () => {
  const { list, open, asked, dropped } = servers(down('a'), 'mute', 'good');
  assert.equal((await bootstrap(list, open, patience())).address.host, 'c');
  assert.deepEqual(asked, ['a', 'b', 'c']);
  assert.ok(dropped.includes('b'));
});

test('a slow server still wins when those after it are down', async () => {
  const { list, open } = servers('slow', down('b'));
  assert.equal((await bootstrap(list, open, patience())).address.host, 'a');
});

test('when none answers, each is named with its reason', async () => {
  const { list, open } = servers(down('a'), down('b'));
  await assert.rejects(bootstrap(list, open, patience()), {
    message: 'no bootstrap server answered (a:9092: it is down; b:9092: it is down)',
    code: 'ECONNREFUSED',
    hint: 'wake it',
  });
  const one = servers(down('a'));
  await assert.rejects(bootstrap(one.list, one.open, patience()), { message: 'no connection to a:9092 (it is down)' });
});

test('a refused user is final: no other server is asked, so that nobody is locked out', async () => {
  const { list, open, asked } = servers(down('a', 'SASL_AUTHENTICATION_FAILED'), 'good');
  await assert.rejects(bootstrap(list, open, patience()), { code: 'SASL_AUTHENTICATION_FAILED' });
  assert.deepEqual(asked, ['a']);
});

test('an interruption ends it with its own reason', async () => {
  const { list, open, dropped } = servers('mute', 'mute');
  const command = new AbortController();
  const connecting = bootstrap(list, open, { signal: command.signal, timeoutMs: 60_000 });
  command.abort(new KtError('interrupted', 'interrupted'));
  await assert.rejects(connecting, { kind: 'interrupted' });
  assert.ok(dropped.includes('a'));
});

/** Bun's sockets take as much of a write as the system does: with one that takes little, what is written arrives whole and in order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type BunTcp, openBunSocket } from '../../../../src/kafka/connection/bun-socket.ts';
import type { BrokerSocket } from '../../../../src/kafka/connection/socket.ts';

type Handlers = Parameters<BunTcp['connect']>[0]['socket'];
type Opened = Parameters<Handlers['open']>[0];

/** A socket whose system takes `room` bytes of each write, and everything it took. */
function system() {
  const taken: Buffer[] = [];
  const state = { room: 0, ended: 0, lost: [] as unknown[], read: '' };
  let handlers: Handlers | undefined;
  const opened: Opened = {
    setNoDelay() {},
    setKeepAlive() {},
    terminate: () => void state.ended++,
    write(bytes) {
      const part = Buffer.from(bytes.subarray(0, state.room));
      taken.push(part);
      return part.length;
    },
  };
  const bun: BunTcp = {
    async connect({ socket }) {
      handlers = socket;
    },
  };
  const landing = Buffer.alloc(4);
  const again: string[] = [];
  const other: BrokerSocket = {
    connecting: false,
    write: (bytes) => again.push(bytes.toString()),
    destroy: () => again.push('destroyed'),
  };
  const socket = openBunSocket(
    bun,
    { host: 'broker', port: 9092 },
    {
      connected() {},
      lost: (error) => void state.lost.push(error),
      room: () => landing,
      filled(count) {
        state.read += landing.toString('latin1', 0, count);
      },
    },
    async () => {
      again.push('opened');
      return other;
    },
  );
  return { socket, again, state, opened, handlers: handlers!, text: () => Buffer.concat(taken).toString() };
}

test('what the system does not take at once is written when it takes more, in order, and each write is told once it is all taken', () => {
  const { socket, state, opened, handlers, text } = system();
  const done: string[] = [];
  assert.equal(socket.connecting, true);
  handlers.open(opened);
  assert.equal(socket.connecting, false);
  state.room = 3;
  socket.write(Buffer.from('first'), () => void done.push('first'));
  socket.write(Buffer.from('2nd'), () => void done.push('2nd'));
  assert.deepEqual([text(), done], ['fir', []]);
  handlers.drain(opened);
  assert.deepEqual([text(), done], ['first2nd', ['first', '2nd']]);
});

test('what is read fills the room as often as it takes', () => {
  const { state, opened, handlers } = system();
  handlers.open(opened);
  handlers.data(opened, Buffer.from('ten bytes!'));
  assert.equal(state.read, 'ten bytes!');
});

test('a lost socket fails what was not sent, and whatever comes later; the loss is told once', () => {
  const { socket, state, opened, handlers } = system();
  const errors: unknown[] = [];
  const done = (error?: Error | null) => void errors.push(error);
  handlers.open(opened);
  socket.write(Buffer.from('lost'), done);
  const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  handlers.error(opened, reset);
  handlers.close(opened);
  socket.write(Buffer.from('late'), done);
  assert.deepEqual(errors, [reset, reset]);
  assert.deepEqual(state.lost, [reset]);
});

test('a socket that is destroyed before it is connected is closed once it is', () => {
  const { socket, state, opened, handlers } = system();
  socket.destroy();
  handlers.open(opened);
  assert.equal(state.ended, 1);
  assert.equal(socket.connecting, true);
});

test('a refused connection is made again by another socket, once, which knows why: a server of several addresses may have hung up', async () => {
  const { socket, again, state, handlers } = system();
  const refused = Object.assign(new Error('Failed to connect'), { code: 'ECONNREFUSED' });
  handlers.connectError({} as Opened, refused);
  handlers.connectError({} as Opened, refused);
  await setImmediate();
  assert.deepEqual([again, state.lost, socket.connecting], [['opened'], [], false]);
  socket.write(Buffer.from('hello'));
  socket.destroy();
  assert.deepEqual(again, ['opened', 'hello', 'destroyed']);
});

test('a refused connection that nobody wants any more leaves no other socket behind', async () => {
  const { socket, again, handlers } = system();
  handlers.connectError({} as Opened, Object.assign(new Error('Failed to connect'), { code: 'ECONNREFUSED' }));
  socket.destroy();
  await setImmediate();
  assert.deepEqual(again, ['opened', 'destroyed']);
});

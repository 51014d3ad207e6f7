/** What a registry may answer, and what becomes of it: the odd answers are those that real registries were seen to give. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { RegistryClient } from '../../../../src/schemas/registry/client.ts';
import { RegistryError } from '../../../../src/schemas/registry/error.ts';
import { mute } from '../../../support/servers.ts';
import { opened, serving } from './opened.ts';

const list = { path: ['subjects'], what: 'list the subjects' };
const failed = (error_code: number, message: string) => ({ error_code, message });
/** A port on which nothing listens. */
const nowhere = 'http://127.0.0.1:1';

async function failure(work: Promise<unknown>): Promise<RegistryError> {
  const error = await work.then(
    () => assert.fail('nothing failed'),
    (error: unknown) => error,
  );
  assert.ok(error instanceof RegistryError, String(error));
  return error;
}

test('a refusal says what the registry answered, under a name for scripts, whatever form its body has', async (t) => {
  const answers = [
    {
      status: 404,
      body: failed(40401, "Subject 'x' not found."),
      code: 'SUBJECT_NOT_FOUND',
      says: /\(Subject 'x' not found\)$/,
    },
    { status: 404, body: failed(0, 'RESTEASY003210: Could not find resource'), code: 'HTTP_404', says: /RESTEASY003210/ },
    { status: 404, body: '', code: 'HTTP_404', says: /the registry answered HTTP 404/ },
    { status: 404, body: '<html><body>nginx</body></html>', code: 'HTTP_404', says: /the registry answered HTTP 404/ },
    {
      status: 400,
      body: 'Illegal value of compatibility level',
      code: 'HTTP_400',
      says: /Illegal value of compatibility level/,
    },
    {
      status: 409,
      body: failed(409, 'io.apicurio.rest.UnprocessableSchemaException: Incompatible artifact:\n test'),
      code: 'INCOMPATIBLE_SCHEMA',
      says: /\(Incompatible artifact: test\)$/,
    },
    { status: 409, body: failed(40405, 'was not deleted first'), code: 'SUBJECT_NOT_SOFT_DELETED', says: /not deleted/ },
    { status: 422, body: failed(42206, 'One or more references exist'), code: 'REFERENCE_EXISTS', says: /references exist/ },
    { status: 401, body: '', code: 'HTTP_401', says: /HTTP 401/ },
    { status: 403, body: failed(40301, 'User is denied'), code: 'HTTP_403', says: /User is denied/ },
    { status: 500, body: failed(0, 'boom'), code: 'HTTP_500', says: /boom/ },
  ];
  for (const { status, body, code, says } of answers) {
    const { url } = await serving(t, [], () => ({ status, body }));
    const error = await failure(opened(t, url).client.ask(list));
    assert.equal(error.kind, 'refused', error.message);
    assert.equal(error.code, code);
    assert.match(error.message, says);
  }
});

test('who is not let in is told how to give a user', async (t) => {
  const { url } = await serving(t, [], () => ({ status: 401 }));
  assert.match((await failure(opened(t, url).client.ask(list))).hint ?? '', /basic\.auth\.user\.info=USER/);
  const auth = { kind: 'basic', user: 'me', password: 'S3cret' } as const;
  const error = await failure(opened(t, url, { auth }).client.ask(list));
  assert.match(error.hint ?? '', /^check basic\.auth\.user\.info/);
  assert.doesNotMatch(`${error.message} ${error.hint}`, /S3cret/);
});

test('an address that answers with a page is no registry', async (t) => {
  const { url } = await serving(t, [], () => ({ status: 200, body: '<html>Hello</html>' }));
  const error = await failure(opened(t, url).client.ask(list));
  assert.equal(error.code, 'NOT_A_REGISTRY');
  assert.equal(error.kind, 'connection');
});

test('the next address is asked where one does not answer or cannot serve, and stays the first one', async (t) => {
  const down = await serving(t, [], () => ({ status: 503 }));
  const up = await serving(t, [{ id: 1, subject: 'a', schema: '"int"' }]);
  const { client } = opened(t, [nowhere, down.url, up.url]);
  assert.deepEqual(await client.ask(list), ['a']);
  assert.deepEqual(await client.ask(list), ['a']);
  assert.equal(down.requests.length, 1);
  assert.equal(up.requests.length, 2);
});

test('a refusal is an answer: no other address is asked', async (t) => {
  const refusing = await serving(t, [], () => ({ status: 403 }));
  const other = await serving(t);
  await failure(opened(t, [refusing.url, other.url]).client.ask(list));
  assert.equal(other.requests.length, 0);
});

test('a change whose answer did not come is not repeated elsewhere', async (t) => {
  const silent = await serving(t, [], () => 'hang');
  const other = await serving(t, [], () => ({ status: 200, body: [1] }));
  const { client } = opened(t, [silent.url, other.url], { timeoutMs: 200 });
  const error = await failure(client.ask({ ...list, method: 'DELETE' }));
  assert.equal(error.code, 'ETIMEDOUT');
  assert.equal(other.requests.length, 0);
  assert.deepEqual(await opened(t, [nowhere, other.url]).client.ask({ ...list, method: 'DELETE' }), [1]);
});

test('when nothing answers, the error names the address and what happened, and the exit code is 4', async (t) => {
  const refused = await failure(opened(t, nowhere).client.ask(list));
  assert.equal(refused.kind, 'connection');
  assert.match(refused.message, /^cannot list the subjects \(no answer from http:\/\/127\.0\.0\.1:1: connection refused\)$/);
  const unknown = await failure(opened(t, 'http://no-such-host.invalid').client.ask(list));
  assert.match(unknown.message, /host name no-such-host\.invalid not found/);
  const silent = await mute();
  t.after(() => silent.close());
  const late = await failure(opened(t, `http://${silent.address}`, { timeoutMs: 200 }).client.ask(list));
  assert.match(late.message, /no answer within 0\.2s/);
});

test('a busy registry that says when to come back is asked once more', async (t) => {
  for (const status of [429, 503]) {
    let busy = true;
    const server = await serving(t, [], () => {
      if (!busy) return undefined;
      busy = false;
      return { status, headers: { 'Retry-After': '0' } };
    });
    assert.deepEqual(await opened(t, server.url).client.ask(list), []);
    assert.equal(server.requests.length, 2);
  }
  const busy = await serving(t, [], () => ({ status: 429, body: 'slow down', headers: { 'Retry-After': '3600' } }));
  const error = await failure(opened(t, busy.url).client.ask(list));
  assert.equal(error.kind, 'connection');
  assert.match(error.message, /is unavailable: slow down/);
  assert.equal(busy.requests.length, 1);
});

test('a redirect is followed; another host gets neither credentials nor headers', async (t) => {
  const auth = { kind: 'basic', user: 'me', password: 'p' } as const;
  const more = { auth, headers: { 'X-Key': 'k' } };
  const other = await serving(t, [{ id: 1, subject: 'a', schema: '"int"' }]);
  const first = await serving(t, [], ({ path }) =>
    path === '/subjects'
      ? { status: 307, headers: { Location: '/moved' } }
      : { status: 302, headers: { Location: `${other.url.replace('127.0.0.1', 'localhost')}/subjects` } },
  );
  assert.deepEqual(await opened(t, first.url, more).client.ask(list), ['a']);
  assert.equal(first.requests[1]?.headers.authorization, `Basic ${Buffer.from('me:p').toString('base64')}`);
  assert.equal(first.requests[1]?.headers['x-key'], 'k');
  assert.equal(other.requests[0]?.headers.authorization, undefined);
  assert.equal(other.requests[0]?.headers['x-key'], undefined);
  const endless = await serving(t, [], () => ({ status: 302, headers: { Location: '/subjects' } }));
  await failure(opened(t, endless.url).client.ask(list));
  assert.equal(endless.requests.length, 4);
});

test('an endless answer is cut off, and one that breaks off is no answer', async (t) => {
  const server = createServer((request, response) => {
    response.on('error', () => {});
    response.writeHead(200, request.url === '/subjects' ? {} : { 'Content-Length': '100' });
    if (request.url !== '/subjects') return void response.write('["a"', () => response.destroy());
    const more = (): void => {
      while (response.write(Buffer.alloc(1 << 20, 0x20)));
    };
    response.on('drain', more);
    more();
  }).listen(0, '127.0.0.1');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const { client } = opened(t, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, { timeoutMs: 10_000 });
  assert.match((await failure(client.ask(list))).message, /its answer is too large/);
  assert.equal((await failure(client.ask({ ...list, path: ['broken'] }))).kind, 'connection');
});

test('an interruption ends a request at once, with its own reason', async (t) => {
  const { url } = await serving(t, [], () => 'hang');
  const controller = new AbortController();
  const client = new RegistryClient({ urls: [url], origin: '', timeoutMs: 10_000, headers: {} }, controller);
  t.after(() => client.close());
  const asking = client.ask(list);
  const reason = new Error('interrupted');
  controller.abort(reason);
  await assert.rejects(asking, reason);
  await assert.rejects(client.ask(list), reason);
});

test('names go into the address encoded, whatever characters they have', async (t) => {
  const server = await serving(t, [], () => ({ status: 200, body: [] }));
  await opened(t, server.url).client.ask({
    ...list,
    path: ['subjects', 'a/b?c#d é', 'versions'],
    query: { x: 'a&b', y: undefined },
  });
  assert.equal(server.requests[0]?.path, '/subjects/a%2Fb%3Fc%23d%20%C3%A9/versions?x=a%26b');
});

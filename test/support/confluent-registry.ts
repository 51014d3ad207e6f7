/**
 * A stand-in for Confluent's registry, which cannot be run here: its answers as its source (8.5) and documentation write them down, for
 * what no other registry has (GUIDs, contexts, its error codes), and any other answer that a test wants.
 */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StoredSchema {
  readonly id: number;
  /** With its context where it has one: `:.shop:orders`. */
  readonly subject: string;
  readonly version?: number;
  readonly schema: string;
  /** Left out for Avro, as Confluent leaves it out. */
  readonly schemaType?: string;
  readonly guid?: string;
  readonly references?: readonly { readonly name: string; readonly subject: string; readonly version: number }[];
}

export interface Answer {
  readonly status: number;
  /** Text as it is; anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface RecordedRegistry {
  readonly url: string;
  readonly port: number;
  /** Every request that came. */
  readonly requests: readonly SeenRequest[];
  close(): Promise<void>;
}

/** What a test answers itself; undefined leaves it to the recorded answers, `hang` answers nothing. */
export type Override = (request: SeenRequest) => Answer | 'hang' | undefined;

/** Listens on a free port of the loopback. */
export async function recordedRegistry(
  schemas: readonly StoredSchema[] = [],
  override: Override = () => undefined,
): Promise<RecordedRegistry> {
  const requests: SeenRequest[] = [];
  const server = http.createServer(async (incoming, outgoing) => {
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece as Buffer);
    const { method = '', url: path = '', headers } = incoming;
    const request = { method, path, headers, body: Buffer.concat(pieces).toString('utf8') };
    requests.push(request);
    const answer = override(request) ?? recorded(request, schemas);
    if (answer === 'hang') return;
    const text = typeof answer.body === 'string' ? answer.body : answer.body === undefined ? '' : JSON.stringify(answer.body);
    outgoing.writeHead(answer.status, { 'Content-Type': 'application/vnd.schemaregistry.v1+json', ...answer.headers });
    outgoing.end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    close: () => (closing ??= closed(server)),
  };
}

async function closed(server: http.Server): Promise<void> {
  const done = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await done;
}

function failed(status: number, error_code: number, message: string): Answer {
  return { status, body: { error_code, message } };
}

function contextOf(subject: string): string {
  return /^:(\.[^:]*):/.exec(subject)?.[1] ?? '.';
}

/** Confluent's answers to what reads schemas. */
function recorded({ method, path }: SeenRequest, schemas: readonly StoredSchema[]): Answer {
  const url = new URL(path, 'http://registry');
  const [root, ...rest] = url.pathname.slice(1).split('/').map(decodeURIComponent);
  if (method === 'GET' && root === 'schemas' && rest[0] === 'ids') return byId(Number(rest[1]), url, schemas);
  if (method === 'GET' && root === 'schemas' && rest[0] === 'guids') return byGuid(rest, schemas);
  if (method === 'GET' && root === 'subjects') return subjects(rest, schemas);
  return failed(404, 404, 'HTTP 404 Not Found');
}

function byId(id: number, url: URL, schemas: readonly StoredSchema[]): Answer {
  const context = contextOf(url.searchParams.get('subject') ?? '');
  const found = schemas.find((each) => each.id === id && contextOf(each.subject) === context);
  if (!found) return failed(404, 40403, `Schema ${id} not found`);
  const { schema, schemaType, references, guid } = found;
  return { status: 200, body: { schema, schemaType, references, guid } };
}

function byGuid([, guid, ids]: readonly string[], schemas: readonly StoredSchema[]): Answer {
  const found = schemas.filter((each) => each.guid === guid);
  if (!found[0]) return failed(404, 40403, `Schema ${guid} not found`);
  if (ids) return { status: 200, body: found.map(({ id, subject }) => ({ context: contextOf(subject), id })) };
  const { schema, schemaType, references } = found[0];
  return { status: 200, body: { schema, schemaType, references, guid } };
}

function subjects([subject, , version]: readonly string[], schemas: readonly StoredSchema[]): Answer {
  if (subject === undefined) return { status: 200, body: [...new Set(schemas.map((each) => each.subject))] };
  const its = schemas.filter((each) => each.subject === subject);
  if (its.length === 0) return failed(404, 40401, `Subject '${subject}' not found.`);
  if (version === undefined) return { status: 200, body: its.map((each) => each.version ?? 1) };
  const found = version === 'latest' ? its.at(-1) : its.find((each) => (each.version ?? 1) === Number(version));
  if (!found) return failed(404, 40402, `Version ${version} not found.`);
  const { id, schema, schemaType, references, guid } = found;
  return { status: 200, body: { subject, version: found.version ?? 1, id, guid, schema, schemaType, references } };
}

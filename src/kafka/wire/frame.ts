/** Whole requests and answers: size, header and body (https://kafka.apache.org/protocol). */
import { KtError } from '../../base/errors.ts';
import { decoder, encoder, isFlexible } from './codec.ts';
import { skipTagged } from './decode.ts';
import { apiKeys } from './generated/descriptors.ts';
import type { ApiName, RequestBodies, ResponseBodies } from './generated/types.ts';
import { Reader, WireError } from './reader.ts';
import { Writer } from './writer.ts';

export interface RequestFrame<A extends ApiName> {
  readonly api: A;
  readonly version: number;
  readonly correlationId: number;
  readonly clientId: string;
  readonly body: RequestBodies[A];
}

/** A request as it goes to the socket. @throws as `frameParts` */
export function encodeFrame<A extends ApiName>(request: RequestFrame<A>): Buffer {
  return Buffer.concat(frameParts(request));
}

/**
 * A request in the parts that go to the socket one after the other: large byte strings of the body (records) are not copied, and must
 * not change before the answer comes. The client id is never compact; header v2 adds an empty tag section (KIP-482).
 * @throws KtError `refused` when the broker's version cannot hold the request, `usage` when no version can
 */
export function frameParts<A extends ApiName>({
  api,
  version,
  correlationId,
  clientId,
  body,
}: RequestFrame<A>): readonly Buffer[] {
  const writer = new Writer();
  writer.int32(0);
  writer.int16(apiKeys[api]);
  writer.int16(version);
  writer.int32(correlationId);
  const client = Buffer.from(clientId);
  writer.int16(client.length);
  writer.raw(client);
  if (isFlexible(api, version)) writer.uvarint(0);
  try {
    encoder('request', api, version)(writer, body);
  } catch (error) {
    throw error instanceof WireError ? unwritable(api, version, error) : error;
  }
  writer.patchInt32(0, writer.length - 4);
  return writer.parts();
}

/**
 * An answer's body from what follows the correlation id.
 * @throws KtError `connection` for bytes that are no such answer
 */
export function decodeFrame<A extends ApiName>(api: A, version: number, payload: Buffer): ResponseBodies[A] {
  const reader = new Reader(payload);
  try {
    if (api !== 'ApiVersions' && isFlexible(api, version)) skipTagged(reader);
    const body = decoder('response', api, version)(reader);
    if (reader.at !== reader.end) throw new WireError(`${reader.end - reader.at} bytes are left over at ${reader.at}`);
    return body as ResponseBodies[A];
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new KtError('connection', `the answer to ${api} v${version} cannot be read (${error.message})`, {
      code: 'CORRUPT_MESSAGE',
      hint: 'is a Kafka broker answering there? kt -v shows each request',
      cause: error,
    });
  }
}

/** Compiles the decoder for answers of this kind, once, so that this can be done while one is on its way. */
export function prepareDecode(api: ApiName, version: number): void {
  decoder('response', api, version);
}

function unwritable(api: ApiName, version: number, cause: WireError): KtError {
  if (!cause.unsupported) return new KtError('usage', `${api} cannot hold this (${cause.message})`, { cause });
  return new KtError('refused', `the broker's ${api} is too old for this (${cause.message})`, {
    code: 'UNSUPPORTED_VERSION',
    hint: `it speaks ${api} up to version ${version}; a newer broker has it`,
    cause,
  });
}

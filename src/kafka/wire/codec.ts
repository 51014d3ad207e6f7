/** The codecs by message and version, compiled when first used. */
import { compileDecode, type Decode } from './decode.ts';
import { compileEncode, type Encode } from './encode.ts';
import { messages, requests, responses } from './generated/descriptors.ts';
import type { ApiName } from './generated/types.ts';
import { parseSchema, type Schema } from './schema.ts';

export type Kind = 'request' | 'response' | 'message';

const texts: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  request: requests,
  response: responses,
  message: messages,
};
const schemas = new Map<string, Schema>();
const decoders = new Map<string, Decode>();
const encoders = new Map<string, Encode>();

/** A message's schema, parsed once. */
export function schemaOf(kind: Kind, name: string): Schema {
  return made(schemas, `${kind} ${name}`, () => {
    const text = texts[kind][name];
    if (text === undefined) throw new Error(`no ${kind} ${name}; add it to scripts/protocol.ts`);
    return parseSchema(text);
  });
}

/** Whether this version of an API is flexible: then requests have header v2, and answers (except ApiVersions') header v1. */
export function isFlexible(api: ApiName, version: number): boolean {
  return version >= schemaOf('request', api).flexible;
}

export function decoder(kind: Kind, name: string, version: number): Decode {
  return made(decoders, `${kind} ${name} ${version}`, () => compileDecode(schemaOf(kind, name), version));
}

export function encoder(kind: Kind, name: string, version: number): Encode {
  return made(encoders, `${kind} ${name} ${version}`, () => compileEncode(schemaOf(kind, name), version));
}

function made<T>(memory: Map<string, T>, key: string, make: () => T): T {
  let value = memory.get(key);
  if (value === undefined) {
    value = make();
    memory.set(key, value);
  }
  return value;
}

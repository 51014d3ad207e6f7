/** Serdes of formats that hold one document: read as JSON text or as a value, written from JSON text. */
import { Reader, WireError } from '../../kafka/wire/reader.ts';
import { type DocumentMaker, jsonText, plainValues, unlessMalformed } from './document.ts';
import { readJson } from './json-reader.ts';
import type { Serde } from './serde.ts';

interface DocumentFormat extends Pick<Serde, 'name' | 'takes'> {
  /** Reads one document. @throws WireError for bytes that are none */
  readonly read: <T>(from: Reader, make: DocumentMaker<T>) => T;
  readonly bytes: DocumentMaker<Buffer>;
}

export function documentSerde({ name, takes, read, bytes: written }: DocumentFormat): Serde {
  /** The document that fills the range; undefined if there is none. */
  function whole<T>(make: DocumentMaker<T>, bytes: Buffer, start: number, end: number): T | undefined {
    return unlessMalformed(() => {
      const from = new Reader(bytes, start, end);
      const document = read(from, make);
      if (from.at < end) throw new WireError('bytes behind the document');
      return document;
    });
  }
  return {
    name,
    kind: 'json',
    text: (bytes, start, end) => whole(jsonText, bytes, start, end),
    decode: (bytes, start, end) => whole(plainValues, bytes, start, end),
    encode: (text) => unlessMalformed(() => readJson(text, written)),
    takes,
  };
}

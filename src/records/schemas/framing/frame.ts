/**
 * Finds what a key or value says about its schema: in headers of the record, or in front of the data.
 *
 * The order is that of Confluent's deserializers (DualSchemaIdDeserializer), then by how sure a form is: a header, then the payload's first
 * byte. A prefix may also be data that only looks like one, such as an int64 key: whoever looks the name up finds that out.
 */

import { uuidText } from '../../../base/bytes/uuid.ts';
import type { RecordView } from '../../../kafka/batch/record.ts';
import { visitHeaders } from '../../../kafka/batch/record-headers.ts';
import { apicurioHeader, apicurioMessage, azureSchemaId, confluentHeader, contentType } from './field-headers.ts';
import { type NamedSchema, SchemaNames } from './named-schema.ts';

const idBytes = 4;
const longIdBytes = 8;
const guidBytes = 16;
/** First bytes of the forms. */
const first = { id: 0, guid: 1, glue: 3, singleObject: 0xc3 } as const;
const singleObjectVersion = 1;
const glueCompression = { none: 0, zlib: 5 } as const;
const noIndexes = Buffer.alloc(0);

/** Where a field's data is. One object per field of a stream, read into again for each record. */
export class SchemaFrame {
  /** The schema that is named; undefined if none is. The same object each time for the same schema. */
  schema: NamedSchema | undefined;
  /** Where the data begins behind the prefix. */
  start = 0;
  /** Protobuf's message indexes, if the schema is named in a header; undefined if they may begin at `start`. */
  indexes: Buffer | undefined;
  /** The name of the Protobuf message, if a header says it. */
  message: string | undefined;
  /** Whether the data behind the prefix is compressed with zlib. */
  isDeflated = false;
  /** Whether a header says that the data is Avro's JSON encoding (Apicurio's `apicurio.registry.avro.encoding`). */
  isAvroJson = false;

  readonly #names = new SchemaNames();
  readonly #headers: ReadonlyMap<string, (value: Buffer) => void>;
  readonly #longestHeader: number;
  #fromHeader: NamedSchema | undefined;
  #lastGuid: Buffer | undefined;
  #lastGuidName: NamedSchema | undefined;

  constructor(field: 'key' | 'value') {
    this.#headers = new Map([
      [confluentHeader(field), (value) => this.#confluentHeader(value)],
      [apicurioHeader(field, 'globalId'), (value) => this.#longId('global-id', value)],
      [apicurioHeader(field, 'contentId'), (value) => this.#longId('content-id', value)],
      [apicurioMessage, (value) => this.#messageName(value)],
      [apicurioHeader(field, 'encoding'), (value) => this.#encoding(value)],
      ...(field === 'value' ? [[contentType, (value: Buffer) => this.#contentType(value)] as const] : []),
    ]);
    this.#longestHeader = Math.max(...[...this.#headers.keys()].map((name) => name.length));
  }

  /** To be called with each record before its field is read. Of a header that comes twice the last one counts. */
  at(record: RecordView): void {
    this.#fromHeader = undefined;
    this.indexes = undefined;
    this.message = undefined;
    this.isAvroJson = false;
    if (record.headerCount === 0) return;
    visitHeaders(record, (bytes, keyStart, keyEnd, valueStart, valueEnd) => {
      const length = keyEnd - keyStart;
      if (valueStart < 0 || length > this.#longestHeader || length < contentType.length) return;
      this.#headers.get(bytes.toString('latin1', keyStart, keyEnd))?.(bytes.subarray(valueStart, valueEnd));
    });
  }

  /** Reads what stands in front of the data in `bytes[start, end)`. */
  read(bytes: Buffer, start: number, end: number): void {
    this.start = start;
    this.isDeflated = false;
    this.schema = this.#fromHeader;
    if (this.schema) return;
    const length = end - start;
    if (length > idBytes && bytes[start] === first.id) this.#readId(bytes, start, length);
    else if (length > guidBytes && bytes[start] === first.guid)
      this.#named(this.#guid(bytes, start + 1), start + 1 + guidBytes);
    else if (length > 1 + longIdBytes && bytes[start] === first.singleObject && bytes[start + 1] === singleObjectVersion)
      this.#named(
        this.#names.of('fingerprint', reversedHex(bytes, start + 2, start + 2 + longIdBytes)),
        start + 2 + longIdBytes,
      );
    else if (length > 1 + guidBytes && bytes[start] === first.glue) this.#readGlue(bytes, start);
  }

  /** Takes all of a field from `start` on for data. */
  skip(start: number): void {
    this.start = start;
    this.isDeflated = false;
    this.schema = undefined;
  }

  #named(schema: NamedSchema, start: number): void {
    this.schema = schema;
    this.start = start;
  }

  /** Confluent's `00`, id, data; or Apicurio's older `00`, 64-bit id, data: such ids begin with zeros, which no 32-bit id is. */
  #readId(bytes: Buffer, start: number, length: number): void {
    const id = bytes.readInt32BE(start + 1);
    if (id > 0) this.#named(this.#names.ofId(id), start + 1 + idBytes);
    else if (id === 0 && length > longIdBytes) {
      const globalId = bytes.readInt32BE(start + 1 + idBytes);
      if (globalId > 0) this.#named(this.#names.of('global-id', String(globalId)), start + 1 + longIdBytes);
    }
  }

  /** `03`, whether it is compressed, the version's UUID, data (AWSSchemaRegistryConstants). */
  #readGlue(bytes: Buffer, start: number): void {
    const compression = bytes[start + 1];
    if (compression !== glueCompression.none && compression !== glueCompression.zlib) return;
    this.#named(this.#names.of('glue', uuidText(bytes, start + 2)), start + 2 + guidBytes);
    this.isDeflated = compression === glueCompression.zlib;
  }

  /** The value is what else stands in front of the data; behind a GUID there may be Protobuf's message indexes. */
  #confluentHeader(value: Buffer): void {
    if (value[0] === first.guid && value.length > guidBytes) {
      this.#fromHeader = this.#guid(value, 1);
      this.indexes = value.subarray(1 + guidBytes);
    } else if (value[0] === first.id && value.length > idBytes && value.readInt32BE(1) > 0) {
      this.#fromHeader = this.#names.ofId(value.readInt32BE(1));
      this.indexes = value.subarray(1 + idBytes);
    }
  }

  #longId(kind: 'global-id' | 'content-id', value: Buffer): void {
    if (value.length !== longIdBytes) return;
    this.#fromHeader = this.#names.of(kind, String(value.readBigInt64BE()));
    this.indexes = noIndexes;
  }

  #messageName(value: Buffer): void {
    this.message = value.toString();
  }

  #encoding(value: Buffer): void {
    this.isAvroJson = value.toString('latin1') === 'JSON';
  }

  #contentType(value: Buffer): void {
    const id = azureSchemaId(value);
    if (id !== undefined) this.#fromHeader = this.#names.of('azure', id);
  }

  /** Runs of records have the same GUID, which is then not made into text again. */
  #guid(bytes: Buffer, at: number): NamedSchema {
    if (this.#lastGuid?.compare(bytes, at, at + guidBytes) === 0) return this.#lastGuidName!;
    this.#lastGuid = Buffer.from(bytes.subarray(at, at + guidBytes));
    this.#lastGuidName = this.#names.of('guid', uuidText(bytes, at));
    return this.#lastGuidName;
  }
}

/** Little-endian bytes as the number they are. */
function reversedHex(bytes: Buffer, start: number, end: number): string {
  return Buffer.from(bytes.subarray(start, end)).reverse().toString('hex');
}

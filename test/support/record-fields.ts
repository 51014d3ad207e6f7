/** Key and value of a record as `BatchWriter.append` takes them. */

const none = Buffer.alloc(0);

/** @param key null or undefined: the record has none; so with the value */
export function fieldsOf(key: Uint8Array | null | undefined, value: Uint8Array | null | undefined) {
  return {
    key: key ? Buffer.from(key) : none,
    keyStart: key ? 0 : -1,
    keyEnd: key?.length ?? -1,
    value: value ? Buffer.from(value) : none,
    valueStart: value ? 0 : -1,
    valueEnd: value?.length ?? -1,
  };
}

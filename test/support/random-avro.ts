/** Avro schemas at random, and data that fits them, encoded by a few lines of its own. */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Random = () => number;

/** Names that could be mistaken: for branches of unions, for what JavaScript's objects have. */
const fieldNames = [
  'id',
  'name',
  'string',
  'map',
  'long',
  'double',
  'R1',
  'n.R2',
  'a-b',
  'größe',
  '__proto__',
  'constructor',
  'x y',
  '"',
];
const tameNames = ['id', 'name', 'string', 'map', 'long', 'double', 'R1'];
const logicals: Json[] = [
  { type: 'int', logicalType: 'date' },
  { type: 'int', logicalType: 'time-millis' },
  ...['time-micros', 'timestamp-millis', 'timestamp-micros', 'timestamp-nanos'].map((logicalType) => ({
    type: 'long',
    logicalType,
  })),
  ...['millis', 'micros', 'nanos'].map((unit) => ({ type: 'long', logicalType: `local-timestamp-${unit}` })),
  { type: 'bytes', logicalType: 'decimal', precision: 20, scale: 4 },
  { type: 'bytes', logicalType: 'decimal', precision: 5, scale: 0 },
  { type: 'bytes', logicalType: 'big-decimal' },
  { type: 'string', logicalType: 'uuid' },
];
const primitives = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'];

export class RandomAvro {
  readonly #random: Random;
  readonly #isTame: boolean;
  readonly #named = new Map<string, Json>();
  /** Records that are not complete yet: a schema may name them only where a datum can end. */
  readonly #open: string[] = [];

  /** @param isTame only what other libraries know too: names of letters, no NaN, longs that are safe integers */
  constructor(random: Random, isTame = false) {
    this.#random = random;
    this.#isTame = isTame;
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#below(list.length)]!;
  }

  schema(depth = 3): Json {
    const kind = this.#below(depth > 0 ? 14 : 8);
    if (kind < 4) return this.#pick(primitives);
    if (kind < 6) return this.#pick(logicals);
    if (kind === 6)
      return this.#define({
        type: 'enum',
        symbols: (this.#isTame ? ['A', 'B', 'C', 'D'] : ['A', 'b-c', 'Ü', 'NaN']).slice(0, 1 + this.#below(4)),
      });
    if (kind === 7) return this.#fixed();
    if (kind === 8) return { type: 'array', items: this.schema(depth - 1) };
    if (kind === 9) return { type: 'map', values: this.schema(depth - 1) };
    if (kind < 12) return this.#union(depth);
    return this.#record(depth);
  }

  #define(schema: { [name: string]: Json }): Json {
    const name = `${this.#isTame || this.#below(2) === 0 ? '' : 'n.'}${schema['type'] === 'record' ? 'R' : 'T'}${this.#named.size + 1}`;
    const named = { ...schema, name };
    this.#named.set(name, named);
    return named;
  }

  #fixed(): Json {
    const kind = this.#below(4);
    if (kind === 0) return this.#define({ type: 'fixed', size: 16, logicalType: 'uuid' });
    if (kind === 1) return this.#define({ type: 'fixed', size: 12, logicalType: 'duration' });
    if (kind === 2) return this.#define({ type: 'fixed', size: 7, logicalType: 'decimal', precision: 16, scale: 9 });
    return this.#define({ type: 'fixed', size: this.#below(20) });
  }

  #union(depth: number): Json {
    const branches: Json[] = [];
    const known = new Set<string>();
    for (let wanted = 1 + this.#below(5); wanted > 0; wanted--) {
      const branch =
        this.#below(4) === 0
          ? 'null'
          : this.#open.length > 0 && this.#below(4) === 0
            ? this.#pick(this.#open)
            : this.schema(depth - 1);
      if (Array.isArray(branch)) continue;
      const name =
        typeof branch === 'string' ? branch : String((branch as { name?: string })!.name ?? (branch as { type: string })!.type);
      if (!known.has(name)) branches.push(branch);
      known.add(name);
    }
    if (!branches.some((branch) => typeof branch === 'string' && primitives.includes(branch))) branches.push('null');
    return branches;
  }

  #record(depth: number): Json {
    const fields: Json[] = [];
    const record = this.#define({ type: 'record', fields }) as { name: string };
    this.#open.push(record.name);
    const names = new Set(Array.from({ length: this.#below(6) }, () => this.#pick(this.#isTame ? tameNames : fieldNames)));
    for (const name of names) fields.push({ name, type: this.schema(depth - 1) });
    this.#open.pop();
    return record;
  }

  /** Bytes of a datum of a schema that this object made. */
  datum(schema: Json, depth = 6): Buffer {
    if (Array.isArray(schema)) {
      const ends = [...schema.keys()].filter((index) => primitives.includes(schema[index] as string));
      const index = depth > 0 ? this.#below(schema.length) : this.#pick(ends);
      return Buffer.concat([zigzag(BigInt(index)), this.datum(schema[index]!, depth - 1)]);
    }
    if (typeof schema === 'string')
      return this.#named.has(schema) ? this.datum(this.#named.get(schema)!, depth) : this.#primitive(schema, {});
    const object = schema as { [name: string]: Json };
    const parts: Buffer[] = [];
    switch (object['type']) {
      case 'record':
        for (const field of object['fields'] as { type: Json }[]) parts.push(this.datum(field.type, depth - 1));
        return Buffer.concat(parts);
      case 'enum':
        return zigzag(BigInt(this.#below((object['symbols'] as Json[]).length)));
      case 'fixed':
        return this.#bytes(object['size'] as number, object['logicalType'] === 'decimal');
      case 'array':
      case 'map': {
        const count = depth > 0 ? this.#below(this.#below(20) === 0 ? 100 : 4) : 0;
        if (count > 0) parts.push(zigzag(BigInt(count)));
        for (let index = 0; index < count; index++) {
          if (object['type'] === 'map')
            parts.push(sized(Buffer.from(`${this.#pick(this.#isTame ? tameNames : fieldNames)}${index > 0 ? index : ''}`)));
          parts.push(this.datum((object['items'] ?? object['values'])!, depth - 3));
        }
        return Buffer.concat([...parts, Buffer.from([0])]);
      }
      default:
        return this.#primitive(object['type'] as string, object);
    }
  }

  #bytes(size: number, isSmall: boolean): Buffer {
    const bytes = Buffer.from(Array.from({ length: size }, () => this.#below(256)));
    // A decimal of 16 digits has not quite 7 bytes.
    if (isSmall && size > 0) bytes[0] = bytes[0]! < 128 ? 0 : 255;
    return bytes;
  }

  #integer(bits: 32 | 64): bigint {
    const kind = this.#below(4);
    if (kind === 0 || this.#isTame) return BigInt(this.#below(2 ** 32) - 2 ** 31) >> BigInt(this.#below(32));
    if (kind === 1) return this.#pick([-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n]);
    return (
      BigInt.asIntN(bits, (BigInt(this.#below(2 ** 32)) << 32n) | BigInt(this.#below(2 ** 32))) >> BigInt(this.#below(bits - 1))
    );
  }

  #float(): number {
    const kind = this.#isTame ? 1 + this.#below(4) : this.#below(5);
    if (kind === 0)
      return this.#pick([
        Number.NaN,
        Number.POSITIVE_INFINITY,
        Number.NEGATIVE_INFINITY,
        0,
        -0,
        1,
        5e-324,
        1.4e-45,
        1e21,
        2 ** 53,
        3.4028234663852886e38,
      ]);
    if (kind === 1) return this.#below(100_000) / 100;
    return (this.#random() - 0.5) * 10 ** (this.#below(60) - 30);
  }

  #text(): string {
    const kind = this.#below(3);
    if (kind === 0) return this.#pick(['', 'NaN', 'Infinity', 'null', '2026-02-28', 'AAEC', '1.5', '{"string":"x"}']);
    return Array.from({ length: this.#below(kind === 1 ? 6 : 60) }, () =>
      this.#pick([...'abc xyz"\\/\n\u0001\u007fäß中\u2028\u{1f600}']),
    ).join('');
  }

  #primitive(kind: string, { logicalType }: { logicalType?: Json }): Buffer {
    switch (kind) {
      case 'null':
        return Buffer.alloc(0);
      case 'boolean':
        return Buffer.from([this.#below(2)]);
      case 'int':
        return zigzag(this.#integer(32));
      case 'long':
        return zigzag(this.#integer(64));
      case 'float': {
        const bytes = Buffer.alloc(4);
        bytes.writeFloatLE(this.#float());
        return bytes;
      }
      case 'double': {
        const bytes = Buffer.alloc(8);
        bytes.writeDoubleLE(this.#float());
        return bytes;
      }
      case 'string':
        return sized(Buffer.from(logicalType === 'uuid' ? '00010203-0405-0607-0809-0a0b0c0d0e0f' : this.#text()));
      default: {
        if (logicalType === undefined) return sized(this.#bytes(this.#below(20), false));
        // The shortest two's complement: a number that is not only its sign.
        const decimal = Buffer.from([
          1 + this.#below(126),
          ...(logicalType === 'big-decimal' ? this.#bytes(this.#below(20), false) : []),
        ]);
        if (logicalType === 'decimal') return sized(decimal);
        return sized(Buffer.concat([sized(decimal), zigzag(this.#integer(32))]));
      }
    }
  }
}

/** An int or long, as Avro writes it. */
export function zigzag(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

/** A string or bytes, behind their length. */
export function sized(bytes: Buffer): Buffer {
  return Buffer.concat([zigzag(BigInt(bytes.length)), bytes]);
}

/** Logical types as people read and write them, exact for every value there is. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { sized, zigzag } from '../../../support/random-avro.ts';
import { compiled, jsonOf, styles } from './support.ts';

const long = (logicalType: string) => ({ type: 'long', logicalType });
const int = (logicalType: string) => ({ type: 'int', logicalType });
const most = 2n ** 63n - 1n;

const integers: readonly (readonly [schema: { type: string; logicalType: string }, value: bigint, text: string])[] = [
  [int('date'), 0n, '1970-01-01'],
  [int('date'), 20_512n, '2026-02-28'],
  [int('date'), -719_529n, '-000001-12-31'],
  [int('date'), 2_147_483_647n, '+5881580-07-11'],
  [int('date'), -2_147_483_648n, '-5877641-06-23'],
  [int('time-millis'), 43_200_001n, '12:00:00.001'],
  [int('time-millis'), 86_400_000n, '24:00:00.000'],
  [int('time-millis'), -1n, '-00:00:00.001'],
  [long('time-micros'), 86_399_999_999n, '23:59:59.999999'],
  [long('timestamp-millis'), 1_772_280_000_123n, '2026-02-28T12:00:00.123Z'],
  [long('timestamp-millis'), -1n, '1969-12-31T23:59:59.999Z'],
  [long('timestamp-millis'), 253_402_300_800_000n, '+010000-01-01T00:00:00.000Z'],
  [long('timestamp-millis'), most, '+292278994-08-17T07:12:55.807Z'],
  [long('timestamp-millis'), -most - 1n, '-292275055-05-16T16:47:04.192Z'],
  [long('timestamp-micros'), 1_772_280_000_123_456n, '2026-02-28T12:00:00.123456Z'],
  [long('timestamp-nanos'), 1_772_280_000_123_456_789n, '2026-02-28T12:00:00.123456789Z'],
  [long('timestamp-nanos'), -most - 1n, '1677-09-21T00:12:43.145224192Z'],
  [long('local-timestamp-millis'), 1_772_280_000_123n, '2026-02-28T12:00:00.123'],
  [long('local-timestamp-micros'), 1_772_280_000_123_456n, '2026-02-28T12:00:00.123456'],
  [long('local-timestamp-nanos'), 1_772_280_000_123_456_789n, '2026-02-28T12:00:00.123456789'],
];

describe('dates and times', () => {
  for (const [schema, value, text] of integers) {
    test(`${schema.logicalType} ${value} is ${text}`, () => {
      assert.equal(jsonOf(compiled(schema), zigzag(value)), `"${text}"`);
      assert.deepEqual(compiled(schema).encode(`"${text}"`), zigzag(value));
      assert.equal(jsonOf(compiled(schema, styles.raw), zigzag(value)), String(value));
      assert.deepEqual(compiled(schema).encode(String(value)), zigzag(value), 'the number is taken too');
    });
  }

  test('timestamps are the times that JavaScript knows', () => {
    const codec = compiled(long('timestamp-millis'));
    fc.assert(
      fc.property(fc.integer({ min: -8.64e15, max: 8.64e15 }), (ms) => {
        assert.equal(jsonOf(codec, zigzag(BigInt(ms))), `"${new Date(ms).toISOString()}"`);
      }),
    );
  });

  const taken: readonly (readonly [logicalType: string, text: string, value: bigint])[] = [
    ['timestamp-millis', '2026-02-28T13:00:00+01:00', 1_772_280_000_000n],
    ['timestamp-millis', '2026-02-28T12:00:00Z', 1_772_280_000_000n],
    ['timestamp-millis', '2026-02-28T12:00:00.12Z', 1_772_280_000_120n],
    ['timestamp-millis', '2026-02-28T12:00:00.123000Z', 1_772_280_000_123n],
    ['timestamp-millis', '\\u0032026-02-28T12:00:00.123Z', 1_772_280_000_123n],
    ['timestamp-millis', '1969-12-31T23:59:59.9Z', -100n],
    ['timestamp-micros', '2026-02-28T12:00:00.123Z', 1_772_280_000_123_000n],
    ['timestamp-millis', '2026-02-28 12:00Z', 1_772_280_000_000n],
    ['timestamp-millis', '2026-02-28t06:30:00.120000-05:30', 1_772_280_000_120n],
    ['local-timestamp-micros', '2026-02-28T12:00:00', 1_772_280_000_000_000n],
  ];
  for (const [logicalType, text, value] of taken) {
    test(`${logicalType} takes ${text}`, () =>
      assert.deepEqual(compiled(long(logicalType)).encode(`"${text}"`), zigzag(value)));
  }

  const refused: readonly (readonly [schema: object, json: string, wanted: string])[] = [
    [int('date'), '"2026-02-29"', 'a date such as 2026-02-28'],
    [int('date'), '"28.02.2026"', 'a date such as 2026-02-28'],
    [int('date'), '"+9999999-01-01"', 'a date such as 2026-02-28 whose number has 32 bits'],
    [long('timestamp-millis'), '"2026-02-28T12:00:00.1234Z"', 'at most 3 digits behind the seconds'],
    [long('timestamp-millis'), '"2026-02-28T12:00:00"', 'a time with its zone, such as 2026-02-28T12:00:00.123Z'],
    [long('timestamp-millis'), '"2026-02-28T25:00:00Z"', 'a time of day below 24:00'],
    [long('timestamp-millis'), '"2026-02-30T12:00:00Z"', 'a date such as 2026-02-28'],
    [long('timestamp-millis'), '"2026-02-28T12:00:00.Z"', 'a time such as 12:00:00.123'],
    [long('timestamp-millis'), '"2026-02-28T12:00:0Z"', 'a time such as 12:00:00.123'],
    [long('timestamp-millis'), '1.5', 'a date and time'],
    [long('timestamp-nanos'), '"3026-02-28T12:00:00Z"', 'a date and time whose number has 64 bits'],
    [long('local-timestamp-millis'), '"2026-02-28T12:00:00Z"', 'a local time, without zone, such as 2026-02-28T12:00:00.123'],
    [int('time-millis'), '"12:60:00"', 'a time such as 12:00:00.123'],
    [int('time-millis'), 'true', 'a time of day'],
  ];
  for (const [schema, json, wanted] of refused) {
    test(`${json} is refused: ${wanted}`, () =>
      assert.throws(() => compiled(schema).encode(json), {
        name: 'SchemaDataError',
        path: '',
        message: `found ${json}, wanted ${wanted}`,
      }));
  }
});

describe('decimals', () => {
  const decimal = (scale: number, precision = 20) => compiled({ type: 'bytes', logicalType: 'decimal', precision, scale });
  const hex = (text: string) => Buffer.from(text, 'hex');

  test('keep every digit', () => {
    assert.equal(jsonOf(decimal(3), sized(hex('ed29'))), '"-4.823"');
    assert.equal(jsonOf(decimal(2), sized(hex('00'))), '"0.00"');
    assert.equal(jsonOf(decimal(0), sized(hex('008000000000000000'))), '"9223372036854775808"');
    assert.equal(jsonOf(decimal(4), sized(hex('ff'))), '"-0.0001"');
  });

  test('of any size and scale are the quotients that they mean', () => {
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 70n), 2n ** 70n), fc.nat(70), fc.nat(20), (large, shift, scale) => {
        const value = large >> BigInt(shift);
        const text = jsonOf(decimal(scale, 30), decimal(0, 30).encode(String(value)));
        const [, whole, fraction = ''] = /^"(-?\d+)(?:\.(\d+))?"$/.exec(text)!;
        assert.equal(fraction.length, scale);
        assert.equal(BigInt(whole! + fraction), value);
        assert.equal(text.startsWith('"-'), value < 0n);
        assert.doesNotMatch(text, /^"-?0\d/);
        // As text, as a number, and spelled in a way that only the slow path reads.
        for (const again of [text, text.slice(1, -1), `${text.slice(0, -1)}e0"`]) {
          assert.deepEqual(decimal(scale, 30).encode(again), decimal(0, 30).encode(String(value)));
        }
      }),
    );
  });

  test('are taken as text or number', () => {
    for (const json of ['"-4.823"', '-4.823', '"-4.8230"', '-4823e-3'])
      assert.deepEqual(decimal(3).encode(json), sized(hex('ed29')));
    assert.deepEqual(decimal(0).encode('12345678901234567891'), sized(hex('00ab54a98ceb1f0ad3')));
  });

  test('are refused where a digit would be lost', () => {
    const message = 'found "1.234", wanted a decimal of 20 digits, 2 of them behind the point';
    assert.throws(() => decimal(2).encode('"1.234"'), { message });
    assert.throws(() => decimal(2, 3).encode('10'), {
      message: 'found 10, wanted a decimal of 3 digits, 2 of them behind the point',
    });
    for (const json of ['"abc"', '""', '"1e999999999"', 'true', '"NaN"'])
      assert.throws(() => decimal(2).encode(json), { name: 'SchemaDataError' });
  });

  test('on fixed have its size', () => {
    const codec = compiled({ type: 'fixed', name: 'D', size: 4, logicalType: 'decimal', precision: 9, scale: 2 });
    assert.equal(jsonOf(codec, hex('ffffcfc7')), '"-123.45"');
    assert.deepEqual(codec.encode('"-123.45"'), hex('ffffcfc7'));
  });

  test('of any scale are as Java writes them', () => {
    const codec = compiled({ type: 'bytes', logicalType: 'big-decimal' });
    for (const [text, unscaled, scale] of [
      ['1.230', '04ce', 3n],
      ['1.23E+5', '7b', -3n],
      ['0E-7', '00', 7n],
      ['-1.23E-8', '85', 10n],
    ] as const) {
      const datum = sized(Buffer.concat([sized(hex(unscaled)), zigzag(scale)]));
      assert.equal(jsonOf(codec, datum), `"${text}"`);
      assert.deepEqual(codec.encode(`"${text}"`), datum);
    }
  });

  test('a damaged one is told', () => {
    assert.throws(() => jsonOf(decimal(2), hex('00')), { message: 'a decimal of no bytes', at: 1 });
    const long = sized(Buffer.alloc(5000, 1));
    assert.throws(() => jsonOf(decimal(2), long), { message: 'a decimal of 5000 bytes (kt shows up to 1024)' });
  });
});

describe('UUIDs and durations', () => {
  const uuid = '89791762-2336-4186-9674-299b90a802e2';
  const sixteen = Buffer.from(uuid.replaceAll('-', ''), 'hex');
  test('a UUID in 16 bytes, and as text', () => {
    const fixed = compiled({ type: 'fixed', name: 'U', size: 16, logicalType: 'uuid' });
    assert.equal(jsonOf(fixed, sixteen), `"${uuid}"`);
    assert.deepEqual(fixed.encode(`"${uuid.toUpperCase()}"`), sixteen);
    const text = compiled({ type: 'string', logicalType: 'uuid' });
    assert.equal(jsonOf(text, sized(Buffer.from(uuid))), `"${uuid}"`);
    assert.throws(() => text.encode('"8979"'), { message: 'found "8979", wanted a UUID' });
  });

  test('a duration keeps months, days and milliseconds apart', () => {
    const codec = compiled({ type: 'fixed', name: 'D', size: 12, logicalType: 'duration' });
    for (const [text, bytes] of [
      ['P1M2DT0.003S', '010000000200000003000000'],
      ['PT0S', '000000000000000000000000'],
      ['P4294967295M4294967295DT4294967.295S', 'ffffffffffffffffffffffff'],
    ] as const) {
      assert.equal(jsonOf(codec, Buffer.from(bytes, 'hex')), `"${text}"`);
      assert.equal(codec.encode(`"${text}"`).toString('hex'), bytes);
    }
    assert.equal(codec.encode('"P1Y1WT1H1M"').toString('hex'), '0c00000007000000e0d83700');
    for (const json of ['"P"', '"PT"', '"1 day"', '"P4294967296D"', '"PT0.0001S"']) {
      assert.throws(() => codec.encode(json), { message: `found ${json}, wanted a duration such as P1M2DT0.003S` });
    }
  });
});

describe('logical types that do not fit are ignored', () => {
  const ignored: readonly (readonly [schema: object, datum: Buffer, json: string])[] = [
    [{ type: 'string', logicalType: 'date' }, sized(Buffer.from('x')), '"x"'],
    [{ type: 'int', logicalType: 'timestamp-millis' }, zigzag(5n), '5'],
    [{ type: 'long', logicalType: 'shop-id' }, zigzag(5n), '5'],
    [{ type: 'bytes', logicalType: 'decimal', precision: 2, scale: 3 }, sized(Buffer.from([1])), '"AQ=="'],
    [{ type: 'bytes', logicalType: 'decimal' }, sized(Buffer.from([1])), '"AQ=="'],
    [{ type: 'fixed', name: 'F', size: 1, logicalType: 'decimal', precision: 3 }, Buffer.from([1]), '"AQ=="'],
    [{ type: 'fixed', name: 'F', size: 1, logicalType: 'uuid' }, Buffer.from([1]), '"AQ=="'],
  ];
  for (const [schema, datum, json] of ignored)
    test(JSON.stringify(schema), () => assert.equal(jsonOf(compiled(schema), datum), json));
});

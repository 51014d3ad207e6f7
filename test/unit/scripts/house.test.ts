import assert from 'node:assert/strict';
import { test } from 'node:test';
import { houseProblems } from '../../../scripts/house/problems.ts';
import type { Rules } from '../../../scripts/house/rules.ts';
import { parseSource } from '../../../scripts/house/source.ts';

const rules: Rules = {
  layers: { main: ['core', 'kafka'], core: ['kafka'], kafka: [] },
  packages: { kafkajs: ['src/kafka/'] },
  maxFileLines: 10,
  maxFunctionLines: 4,
  generated: ['src/kafka/generated/'],
  allowed: { circles: [], imports: [], longFiles: [], longFunctions: [] },
};
const sound = {
  'src/main.ts': `import { measure } from './core/measure.ts';\nmeasure();\n`,
  'src/core/measure.ts': `import type { Cluster } from '../kafka/cluster.ts';\nexport const measure = (cluster?: Cluster) => cluster;\n`,
  'src/kafka/cluster.ts': `import { Kafka } from 'kafkajs';\nimport 'node:fs';\nexport type Cluster = Kafka;\n`,
};

/** The problems of a small house, with these files added or put in the place of others. */
function problems(changes: Readonly<Record<string, string>>, allowed: Partial<Rules['allowed']> = {}): string[] {
  const files = Object.entries({ ...sound, ...changes }).map(([path, text]) => parseSource(path, text));
  return houseProblems(files, { ...rules, allowed: { ...rules.allowed, ...allowed } });
}

test('a sound house has no problems', () => {
  assert.deepEqual(problems({}), []);
});

test('a circle is found, through types, dynamic imports, import() types and re-exports too', () => {
  const back = [
    `import type { C } from './c.ts';`,
    `export const load = () => import('./c.ts');`,
    `export type C = import('./c.ts').C;`,
    `export type { C } from './c.ts';`,
    `export * from './c.ts';`,
  ];
  for (const text of back) {
    const circle = {
      'src/core/a.ts': text,
      'src/core/b.ts': `import './a.ts';`,
      'src/core/c.ts': `import './b.ts';\nexport type C = 1;`,
    };
    const files = Object.keys(circle);
    assert.deepEqual(problems(circle), [`circle: ${files.join(', ')} import each other`], text);
    assert.deepEqual(problems(circle, { circles: [{ files, reason: 'known' }] }), []);
  }
});

test('an import against the layers is found, of a type too', () => {
  const upward = { 'src/kafka/fetch.ts': `import type { measure } from '../core/measure.ts';` };
  assert.deepEqual(problems(upward), [
    'layers: src/kafka/fetch.ts imports src/core/measure.ts, and kafka imports nothing of src',
  ]);
  assert.deepEqual(problems(upward, { imports: [{ from: 'src/kafka/', to: 'src/core/measure.ts', reason: 'known' }] }), []);
  assert.deepEqual(problems({ 'src/core/x.ts': `import '../main.ts';` }).slice(-1), [
    'layers: src/core/x.ts imports src/main.ts, and core may import only kafka',
  ]);
  assert.deepEqual(problems({ 'src/attic/x.ts': `import '../main.ts';` }), [
    'layers: src/attic/x.ts imports src/main.ts, and attic is no room in the table of layers',
  ]);
});

test('a package imported in the wrong room is found, and so is one that is not listed', () => {
  assert.deepEqual(
    problems({ 'src/core/x.ts': `const { KafkaJSError } = await import('kafkajs/src/errors.js');\nexport {};` }),
    ['package: src/core/x.ts imports kafkajs, which only src/kafka/ may'],
  );
  assert.deepEqual(problems({ 'src/core/x.ts': `import pad from '@left/pad/index.js';` }), [
    'package: src/core/x.ts imports @left/pad, which is not in the table of packages',
  ]);
});

test('a long file and a long function are found, unless they are generated or an exception says why', () => {
  const body = '  one();\n'.repeat(12);
  const functions = {
    declared: `export function declared() {\n${body}}\n`,
    arrow: `export const arrow = () => {\n${body}};\n`,
    method: `export class A {\n  method() {\n${body}}}\n`,
    callback: `each(() => {\n${body}});\n`,
  };
  const path = 'src/core/long.ts';
  for (const [name, text] of Object.entries(functions)) {
    const [file, found, ...others] = problems({ [path]: text });
    assert.match(file!, /^length: src\/core\/long\.ts has 1[45] lines, more than 10$/);
    assert.match(found!, new RegExp(`^length: ${name} \\(src/core/long\\.ts:[12]\\) has 14 lines, more than 4$`));
    assert.deepEqual(others, []);
    const reason = 'known';
    assert.deepEqual(
      problems({ [path]: text }, { longFiles: [{ path, reason }], longFunctions: [{ path, name, reason }] }),
      [],
    );
    assert.deepEqual(problems({ 'src/kafka/generated/long.ts': text }), []);
  }
});

test('an exception that nothing needs is a problem too', () => {
  assert.deepEqual(problems({}, { longFiles: [{ path: 'src/gone.ts', reason: 'was long' }] }), [
    'exception: nothing needs longFiles {"path":"src/gone.ts","reason":"was long"} any more, delete it',
  ]);
});

test('a file that says only types has no code, one with a side effect or a value has', () => {
  const hasCode = (text: string) => parseSource('src/x.ts', text).hasCode;
  assert.equal(
    hasCode(`import type { A } from './a.ts';\nexport interface B extends A {}\nexport type { A };\ntype C = B;\n`),
    false,
  );
  for (const text of [`import './a.ts';`, 'export const one = 1;', `export * from './a.ts';`, `export { a } from './a.ts';`]) {
    assert.equal(hasCode(text), true, text);
  }
});

test('what is not TypeScript is refused with its path', () => {
  assert.throws(() => parseSource('src/x.ts', 'const = ;'), /^Error: src\/x\.ts: /);
});

/**
 * The tests with a schema registry, on Apicurio 3: `npm test` has Apicurio 2, which runs on Java 17.
 *
 *   npm run test:registry3 [schemas …]
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { startApicurio3 } from '../support/apicurio3.ts';

const all = ['schemas', 'schema-records', 'pipe-schemas', 'java-serdes'];
const wanted = process.argv.length > 2 ? process.argv.slice(2) : all;
const files = wanted.map((name) => `test/integration/${name}.test.ts`);
const root = join(import.meta.dirname, '../..');
const registry = await startApicurio3();
try {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/run.ts', ...files], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, KT_TEST_REGISTRY: registry.url },
  });
  process.exitCode = await new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
} finally {
  await registry.stop();
}

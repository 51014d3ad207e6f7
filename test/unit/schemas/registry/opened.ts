/** Registries for these tests: opened with settings that are mostly the same. */
import type { TestContext } from 'node:test';
import { openRegistry, type SchemaRegistry } from '../../../../src/schemas/registry/registry.ts';
import type { RegistrySettings } from '../../../../src/schemas/registry/settings.ts';
import {
  type Override,
  type RecordedRegistry,
  recordedRegistry,
  type StoredSchema,
} from '../../../support/confluent-registry.ts';

/** A recorded registry that ends with the test. */
export async function serving(
  t: TestContext,
  schemas?: readonly StoredSchema[],
  override?: Override,
): Promise<RecordedRegistry> {
  const server = await recordedRegistry(schemas, override);
  t.after(() => server.close());
  return server;
}

/** The registry at these addresses, closed with the test. */
export function opened(t: TestContext, urls: string | readonly string[], more: Partial<RegistrySettings> = {}): SchemaRegistry {
  const settings = { urls: [urls].flat(), origin: '--registry', timeoutMs: 2000, headers: {}, ...more };
  const registry = openRegistry(settings, { signal: new AbortController().signal });
  t.after(() => registry.close());
  return registry;
}

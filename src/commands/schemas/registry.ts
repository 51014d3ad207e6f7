/** The registry that a command about schemas needs. */
import { usageError } from '../../base/errors.ts';
import type { Context } from '../../context.ts';
import type { SchemaRegistry } from '../../schemas/registry/registry.ts';

/** @throws KtError `usage` where nothing names one */
export async function requiredRegistry(context: Context): Promise<SchemaRegistry> {
  const registry = await context.registry();
  if (registry) return registry;
  throw usageError('no schema registry is given', 'add --registry http://localhost:8081, or export KT_REGISTRY=…');
}

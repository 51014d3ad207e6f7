/** The one handle for a schema registry: its schemas, and the requests about its subjects. */
import { type ClientOptions, RegistryClient } from './client.ts';
import type { RegistrySettings } from './settings.ts';
import { RegistrySource, type SchemaSource } from './source.ts';

export interface SchemaRegistry {
  readonly source: SchemaSource;
  readonly client: RegistryClient;
  /** Closes what connections there are. */
  close(): void;
}

/** Connects to nothing yet. */
export function openRegistry(settings: RegistrySettings, options: ClientOptions): SchemaRegistry {
  const client = new RegistryClient(settings, options);
  return { client, source: new RegistrySource(client, options.signal), close: () => client.close() };
}

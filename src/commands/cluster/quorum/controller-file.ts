/** What a controller's own files say of it: its properties, and the meta.properties in its metadata directory. */
import { join } from 'node:path';
import { KtError, usageError } from '../../../base/errors.ts';
import type { Context } from '../../../context.ts';
import type { VoterListener } from '../../../core/cluster/voters.ts';
import { decodeProperties, parseProperties } from '../../../settings/properties-file.ts';
import { namedBytes } from '../../named-text.ts';

interface ControllerFile {
  readonly controllerId: number;
  readonly listeners: readonly VoterListener[];
  /** Where its meta.properties is. */
  readonly metadataDirectory: string;
}

/** Kafka's default. */
const defaultDirectory = '/tmp/kafka-logs';

/**
 * The properties of a controller that runs, or will.
 * @throws KtError `usage` when they are not those of a controller
 */
export async function readControllerFile(context: Context, path: string): Promise<ControllerFile> {
  const properties = await readProperties(context, path);
  const roles = listOf(properties.get('process.roles'));
  if (!roles.includes('controller'))
    throw usageError(`${path} (process.roles does not say controller)`, 'name the properties of the new controller');
  const id = properties.get('node.id') ?? '';
  if (!/^\d+$/.test(id)) throw usageError(`${path} (no node.id)`, 'name the properties of the new controller');
  return {
    controllerId: Number(id),
    listeners: listenersIn(properties, path),
    metadataDirectory:
      properties.get('metadata.log.dir') ??
      listOf(properties.get('log.dirs') ?? properties.get('log.dir') ?? defaultDirectory)[0]!,
  };
}

/** Those of the controller, where it advertises them, or else where it listens. */
function listenersIn(properties: ReadonlyMap<string, string>, path: string): readonly VoterListener[] {
  const names = listOf(properties.get('controller.listener.names')).map((name) => name.toUpperCase());
  const texts = ['advertised.listeners', 'listeners'].flatMap((name) => listOf(properties.get(name)));
  return names.map((name) => {
    const text = texts.find((each) => each.toUpperCase().startsWith(`${name}://`));
    if (text !== undefined) return listener(text);
    throw usageError(`${path} (it has no listener ${name})`, 'say where it listens: --listener CONTROLLER://host:9093');
  });
}

/**
 * The id of a metadata directory that is formatted.
 * @throws KtError `usage` when it is not, or has no id
 */
export async function directoryIdIn(context: Context, directory: string): Promise<string> {
  const path = join(directory, 'meta.properties');
  const properties = await readProperties(context, path).catch((error: unknown) => {
    if (!(error instanceof KtError) || error.kind !== 'usage') throw error;
    throw usageError(
      error.message,
      'format it first: kafka-storage format --no-initial-controllers …; or name --controller-directory-id',
    );
  });
  const id = properties.get('directory.id');
  if (id !== undefined) return id;
  throw usageError(`${path} (it has no directory.id)`, 'start the controller once with Kafka 3.7 or newer');
}

/** Reads `CONTROLLER://host:9093`. @throws KtError `usage` for one that others cannot reach */
export function listener(text: string): VoterListener {
  const [, name, host = '', port] = /^([^:/]+):\/\/(\[[^\]]+\]|[^:[\]]*):(\d{1,5})$/.exec(text) ?? [];
  if (name === undefined || Number(port) < 1 || Number(port) > 65_535)
    throw usageError(`${text} (not a listener)`, 'such as CONTROLLER://host:9093');
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (bare === '' || bare === '0.0.0.0' || /^[0:]+$/.test(bare))
    throw usageError(`${text} (no host that others can reach)`, `say where it is: --listener ${name}://host:${port}`);
  return { name: name.toUpperCase(), host: bare, port: Number(port) };
}

function listOf(text = ''): readonly string[] {
  return text.split(',').flatMap((each) => each.trim() || []);
}

async function readProperties(context: Context, path: string): Promise<ReadonlyMap<string, string>> {
  const entries = parseProperties(decodeProperties(await namedBytes(context, path)), path);
  return new Map(entries.map(({ name, value }) => [name, value]));
}

/** The options that every command takes, before or after its words, with the environment variables that stand for them. */
import { columnNames, sortOrder } from './columns.ts';
import { flag, type Options, option, repeatable } from './define.ts';
import { choice, finiteDuration, type GlobalOptions, keyValue, text } from './options.ts';

const colors = ['auto', 'always', 'never'] as const;

/** `key=value` checked, but kept as typed: settings decide what it means. */
function pair(value: string): string {
  keyValue(value, 'kafka:9092=localhost:9092');
  return value;
}

export const globalOptions = {
  bootstrapServer: option('-b, --bootstrap-server <host:port,…>', 'brokers to connect to first', text, {
    defaultText: 'localhost:9092',
  }),
  registry: option('--registry <url,…>', 'address of the schema registry', text),
  profile: option('--profile <name>', 'a named cluster from the config file', text, { complete: 'profile' }),
  commandConfig: option('--command-config <file>', 'a Java client .properties file', text, { complete: 'file' }),
  property: repeatable('-X, --property <key=value>', 'one client property', text),
  addressMap: repeatable(
    '--address-map <advertised=reachable>',
    'connect to another address than the one the cluster advertises',
    pair,
  ),
  proxy: option('--proxy <url>', 'connect through a proxy: socks5://host:port or http://host:port', text),
  timeout: option('--timeout <duration>', 'time limit for connecting and for each request', finiteDuration, {
    defaultText: '10s',
  }),
  output: option('-o, --output <format>', 'output format', text),
  columns: option('--columns <name,…>', 'show only these columns, in this order', columnNames),
  sort: option('--sort <[-]column>', 'order rows by a column; with - the largest first', sortOrder),
  noHeaders: flag('--no-headers', 'print rows only, without the names of the columns'),
  color: option('--color <when>', 'colour the output', choice(colors), { defaultText: 'auto' }),
  quiet: flag('-q, --quiet', 'print no notes and no progress'),
  verbose: flag('-v, --verbose', 'print each request on stderr'),
  yes: flag('-y, --yes', 'skip confirmations'),
} satisfies Options;

/** The environment variable of each global option, for help and man pages. */
export const globalVariables: Readonly<Partial<Record<keyof typeof globalOptions, string>>> = {
  bootstrapServer: 'KT_BOOTSTRAP_SERVER',
  registry: 'KT_REGISTRY',
  profile: 'KT_PROFILE',
  commandConfig: 'KT_COMMAND_CONFIG',
  addressMap: 'KT_ADDRESS_MAP',
  proxy: 'KT_PROXY',
  timeout: 'KT_TIMEOUT',
  output: 'KT_OUTPUT',
};

/** Parsed flags by their key, as the parser collects them. */
export type Values = Readonly<Record<string, unknown>>;

/**
 * The global options of one run, as typed. Variables that say how to reach a cluster are read with the settings, where they stand
 * between flags and profile; KT_OUTPUT depends on the command, see `chosenOutput`.
 */
export function readGlobals(flags: Values): GlobalOptions {
  const { timeout, ...given } = flags as Partial<GlobalOptions> & { timeout?: number };
  return {
    ...given,
    timeoutMs: timeout,
    property: given.property ?? [],
    addressMap: given.addressMap ?? [],
    color: given.color ?? 'auto',
    quiet: given.quiet ?? false,
    verbose: given.verbose ?? false,
    yes: given.yes ?? false,
  };
}

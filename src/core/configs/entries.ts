/** Configs as plain entries by name: each value, where it comes from, and what it stands before. */
import { type ConfigResource, ownSource, sourceOf } from './resource.ts';
import { type ConfigType, configTypeOf } from './same-value.ts';

export interface ConfigEntry {
  /** Null when sensitive, or not set. */
  readonly value: string | null;
  /** `DYNAMIC_TOPIC_CONFIG` is one set on the topic itself. */
  readonly source: string;
  readonly sensitive: boolean;
  readonly readOnly: boolean;
  /** What the config is for; only if asked for, and null when the broker (before Kafka 2.6) does not say. */
  readonly documentation?: string | null;
  /** Only if asked for. */
  readonly type?: ConfigType;
}

/** An entry with the values below it, in order: what a deletion falls back to. */
export interface LayeredEntry extends ConfigEntry {
  readonly type: ConfigType;
  readonly synonyms: readonly { readonly value: string | null; readonly source: string }[];
}

/** Entries by config name, in alphabetical order. */
export type Configs = Readonly<Record<string, ConfigEntry>>;

export type Layered = Readonly<Record<string, LayeredEntry>>;

/**
 * Whether a config's value is a secret. For one that is not set yet the broker does not say, such as
 * `listener.name.client.ssl.keystore.password`.
 */
export function isSensitive(name: string, entry: ConfigEntry | undefined): boolean {
  return entry?.sensitive ?? /password|secret|sasl\.jaas\.config|ssl\.keystore\.key$/.test(name);
}

export interface WireConfig {
  readonly name: string;
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly configSource: number;
  readonly isSensitive: boolean;
  readonly synonyms: readonly { readonly value: string | null; readonly source: number }[];
  readonly documentation: string | null;
  /** Absent before Kafka 2.6. */
  readonly configType?: number;
}

export function entryOf(
  { value, configSource, isSensitive, readOnly, documentation }: WireConfig,
  documented: boolean,
): ConfigEntry {
  // Brokers never send secrets; if one did, it would not be shown.
  const entry = { value: isSensitive ? null : value, source: sourceOf(configSource), sensitive: isSensitive, readOnly };
  return documented ? { ...entry, documentation } : entry;
}

export function typedEntryOf(config: WireConfig): ConfigEntry {
  return { ...entryOf(config, false), type: configTypeOf(config.configType) };
}

export function layeredEntryOf(config: WireConfig, documented: boolean): LayeredEntry {
  const synonyms = config.synonyms.map(({ value, source }) => ({
    value: config.isSensitive ? null : value,
    source: sourceOf(source),
  }));
  return { ...entryOf(config, documented), type: configTypeOf(config.configType), synonyms };
}

export function entriesOf<T>(
  configs: readonly WireConfig[],
  entry: (config: WireConfig) => T,
  wanted: (name: string, source: string) => boolean = () => true,
): Readonly<Record<string, T>> {
  const sorted = configs
    .filter(({ name, configSource }) => wanted(name, sourceOf(configSource)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return Object.fromEntries(sorted.map((config) => [config.name, entry(config)]));
}

export function withoutSynonyms(layered: Layered): Configs {
  return Object.fromEntries(Object.entries(layered).map(([name, { synonyms: _, type: __, ...entry }]) => [name, entry]));
}

/** What is set on a resource; for a broker also what is set for all brokers and in its file. */
export function configsSet(resource: ConfigResource, configs: Configs): Configs {
  const own = ownSource(resource);
  const broker = resource.type === 'broker' && resource.name !== '';
  const isSet = ({ source }: ConfigEntry) => (broker ? source !== 'DEFAULT_CONFIG' : source === own);
  return Object.fromEntries(Object.entries(configs).filter(([, entry]) => isSet(entry)));
}

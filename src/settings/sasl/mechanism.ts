/** What settings have to know about a SASL mechanism; each mechanism is a file beside this one, listed in mechanisms.ts. */
import type { SaslSettings } from '../../kafka/connection/sasl.ts';
import type { Environment } from '../environment.ts';
import type { SettingsFiles } from '../files.ts';
import type { Property } from '../property.ts';

export interface SaslMechanism<Name extends string> {
  /** As in `sasl.mechanism`. */
  readonly names: readonly SaslSettings['mechanism'][];
  /** The properties that only it reads, under Java's names. */
  readonly properties: readonly Name[];
  /** Those that must never be shown. */
  readonly secrets: readonly Name[];
  /** Properties that stand for the same: where one source sets one of them, the others in sources that count less are ignored. */
  readonly alternatives?: readonly (readonly Name[])[];
  /** librdkafka's names of some of the properties. */
  readonly otherNames?: Readonly<Record<string, Name>>;
  readonly jaas: JaasLogin<Name>;
  /**
   * The credentials, from properties whose references are expanded. May load what only this mechanism needs.
   * @param missing makes the error for a property that is not given
   * @throws KtError `usage`
   */
  read(
    mechanism: SaslSettings['mechanism'],
    properties: { get(name: Name): Property | undefined },
    missing: (name: Name) => Error,
    sources: SaslSources,
  ): SaslSettings | Promise<SaslSettings>;
}

/** Asks on the terminal, without showing what is typed. */
export type AskSecret = (question: string) => Promise<string>;

/** Where credentials may come from beside properties. */
export interface SaslSources {
  readonly env: Environment;
  readonly files: SettingsFiles;
  /** Absent where nobody is there to ask. */
  readonly ask?: AskSecret | undefined;
}

/** How `sasl.jaas.config` gives the same. */
interface JaasLogin<Name extends string> {
  readonly module: RegExp;
  /** The property that each option of the login module stands for. */
  readonly options: Readonly<Record<string, Name>>;
  /** Options that count only where another one is `true`, as the login module has it. */
  readonly onlyWith?: Readonly<Record<string, string>>;
  /** The property that lists all options whose names begin like this, as `name=value,…`. */
  readonly listed?: { readonly start: string; readonly name: Name };
}

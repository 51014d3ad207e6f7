/** What settings have to know about a SASL mechanism; each mechanism is a file beside this one, listed in mechanisms.ts. */
import type { SaslSettings } from '../../kafka/connection/sasl.ts';
import type { Property } from '../property.ts';

export interface SaslMechanism<Name extends string> {
  /** As in `sasl.mechanism`. */
  readonly names: readonly SaslSettings['mechanism'][];
  /** The properties that only it reads, under Java's names. */
  readonly properties: readonly Name[];
  /** Those that must never be shown. */
  readonly secrets: readonly Name[];
  /** How `sasl.jaas.config` gives the same: its login module, and the property that each option stands for. */
  readonly jaas: { readonly module: RegExp; readonly options: Readonly<Record<string, Name>> };
  /**
   * The credentials, from properties whose references are expanded. May load what only this mechanism needs.
   * @param missing makes the error for a property that is not given
   * @throws KtError `usage`
   */
  read(
    mechanism: SaslSettings['mechanism'],
    properties: { get(name: Name): Property | undefined },
    missing: (name: Name) => Error,
  ): SaslSettings | Promise<SaslSettings>;
}

/** One client property as somebody gave it. */

/** Who gave a property: a flag or variable, a profile, or a properties file that other programs read too. */
export type Source = 'flag' | 'profile' | 'file';

export interface Property {
  readonly value: string;
  /** As the user wrote it, with where: `-X ssl.ca.location`, `ssl.ca.location (client.properties, line 3)`. */
  readonly label: string;
  /** Only where: `--bootstrap-server`, `profile 'prod'`, `client.properties, line 3`. */
  readonly origin: string;
  readonly source: Source;
  /** The profile that gave it, itself or by its command config. */
  readonly profile?: string | undefined;
}

/** A property under the name that the user gave it, which may be one that kt does not know. */
export interface Given extends Pick<Property, 'value' | 'label' | 'origin'> {
  readonly name: string;
}

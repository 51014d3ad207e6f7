/** PLAIN and SCRAM: a user name and a password. */
import type { SaslMechanism } from './mechanism.ts';

const names = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;

export const password: SaslMechanism<'sasl.username' | 'sasl.password'> = {
  names,
  properties: ['sasl.username', 'sasl.password'],
  secrets: ['sasl.password'],
  jaas: {
    module: /^org\.apache\.kafka\.common\.security\.(plain\.PlainLoginModule|scram\.ScramLoginModule)$/,
    options: { username: 'sasl.username', password: 'sasl.password' },
  },
  async read(mechanism, properties, missing, { ask }) {
    const username = properties.get('sasl.username')?.value;
    if (username === undefined) throw missing('sasl.username');
    const password = properties.get('sasl.password')?.value ?? (await ask?.(`Password of ${username} for the cluster`));
    if (password === undefined) throw missing('sasl.password');
    return { mechanism: names.find((name) => name === mechanism)!, username, password };
  },
};

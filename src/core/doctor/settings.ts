/** Which settings count, and where each comes from. */
import { addressText } from '../../kafka/connection/address.ts';
import type { ClusterSettings } from '../../kafka/connection/settings.ts';
import { begin, type Examination, failure } from './finding.ts';
import type { Patient } from './patient.ts';

/** @returns undefined when they are wrong */
export async function* examineSettings(patient: Patient): Examination<ClusterSettings | undefined> {
  const found = begin('settings');
  let target = 'what was given';
  try {
    const given = await patient.given();
    target = given.find(({ name }) => name === 'bootstrap.servers')?.value ?? target;
    const settings = await patient.settings();
    const told = given.map(({ name, value, origin }) => `${name}=${value} (${origin})`).join('; ');
    yield found({ target: settings.bootstrapServers.map(addressText).join(','), verdict: 'ok', found: told });
    return settings;
  } catch (error) {
    yield found(failure(target, error));
    return undefined;
  }
}

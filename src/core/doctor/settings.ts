/** Which settings count, and where each comes from. */
import { addressText } from '../../kafka/connection/address.ts';
import type { ClusterSettings, GivenSetting } from '../../kafka/connection/settings.ts';
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
    yield found({ target: settings.bootstrapServers.map(addressText).join(','), verdict: 'ok', found: bySource(given) });
    return settings;
  } catch (error) {
    yield found(failure(target, error));
    return undefined;
  }
}

/** `bootstrap.servers=kafka:9092 (KT_BOOTSTRAP_SERVER); security.protocol=SSL, ssl.truststore.location=ca.pem (client.properties, lines 2, 3)`. */
export function bySource(given: readonly GivenSetting[]): string {
  const sources = new Map<string, { readonly settings: string[]; readonly lines: Set<string> }>();
  for (const { name, value, origin } of given) {
    const [, source = origin, line] = /^(.*), line (\d+)$/.exec(origin) ?? [];
    const known = sources.get(source) ?? { settings: [], lines: new Set() };
    sources.set(source, known);
    known.settings.push(`${name}=${value}`);
    if (line) known.lines.add(line);
  }
  return [...sources]
    .map(([source, { settings, lines }]) => {
      const where =
        lines.size === 0
          ? ''
          : `, ${lines.size === 1 ? 'line' : 'lines'} ${[...lines].sort((a, b) => Number(a) - Number(b)).join(', ')}`;
      return `${settings.join(', ')} (${source}${where})`;
    })
    .join('; ');
}

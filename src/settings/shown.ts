/** Settings as they were given, for people to see: each with where it came from, and without its secrets. */
import type { GivenSetting } from '../kafka/connection/settings.ts';
import { redactProxy } from './proxy.ts';
import { isForRegistry } from './registry/names.ts';
import { addressOf, type GivenSettings } from './resolve.ts';
import { redact } from './secrets.ts';

/**
 * The address first; then every other property of the connection that counts, the address map and the proxy.
 * @throws KtError `usage` when what is named does not say where the cluster is
 */
export function shownSettings({ properties, sources }: GivenSettings): readonly GivenSetting[] {
  const { value, origin } = addressOf(properties, sources);
  // The login line is shown by its parts, which have its label.
  const login = properties.get('sasl.jaas.config');
  const isApart = [...properties].some(([name, { label }]) => name !== 'sasl.jaas.config' && label === login?.label);
  const others = [...properties].filter(
    ([name]) => name !== 'bootstrap.servers' && !isForRegistry(name) && !(isApart && name === 'sasl.jaas.config'),
  );
  const { addressMap, addressMapOrigin, proxy } = sources;
  return [
    { name: 'bootstrap.servers', value, origin },
    ...others.map(([name, property]) => ({ name, value: redact(name, oneLine(property.value)), origin: property.origin })),
    ...[...addressMap].map(([advertised, at]) => ({
      name: 'address map',
      value: `${advertised}=${at}`,
      origin: addressMapOrigin,
    })),
    ...(proxy ? [{ name: 'proxy', value: redactProxy(proxy.value), origin: proxy.origin }] : []),
  ];
}

/** The text of a certificate fills a screen. */
function oneLine(value: string): string {
  const [first = '', ...more] = value.split(/\r?\n/);
  return more.length > 0 ? `${first}…` : first;
}

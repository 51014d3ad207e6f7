/** Parts of rules that fit nobody and nothing: brokers take such rules, and weigh them in vain (KIP-801, StandardAuthorizer). */
import { isIPv4, isIPv6 } from 'node:net';
import { canNameTopic } from '../topics/topic-name.ts';
import { type AclRule, everybody, wildcard } from './rule.ts';

/** Why rules will never apply, each part once; for people. */
export function unmatchedParts(rules: readonly AclRule[]): readonly string[] {
  return [...new Set(rules.flatMap((rule) => [hostFault(rule), principalFault(rule), topicFault(rule)]))].filter(
    (fault) => fault !== undefined,
  );
}

function hostFault({ host }: AclRule): string | undefined {
  if (host === wildcard) return undefined;
  const address = brokersAddress(host);
  if (address === undefined)
    return `a rule from ${host} fits no client: brokers compare it as text with the client's IP address, and know no names and ranges`;
  return address === host ? undefined : `a rule from ${host} fits no client: brokers write that address as ${address}`;
}

function principalFault({ principal }: AclRule): string | undefined {
  const [, type = '', name = ''] = /^([^:]*):(.*)$/s.exec(principal) ?? [];
  if (type !== 'User' && type.toLowerCase() === 'user') return `a rule for ${principal} does not fit User:${name}: case counts`;
  if (/,\s*User:/.test(name)) return `a rule for ${principal} is for one principal of that name: give each one of its own`;
  if (principal !== everybody && name.endsWith('*'))
    return `a rule for ${principal} is for one principal of that name: only ${everybody} is a pattern`;
  return undefined;
}

function topicFault({ resourceType, resourceName }: AclRule): string | undefined {
  if (resourceType !== 'TOPIC' || resourceName === wildcard || canNameTopic(resourceName)) return undefined;
  return `a rule about topic ${resourceName} fits none: names of topics have only letters, digits, dots, underscores and hyphens`;
}

/**
 * An IP address as brokers write a client's (Java's `InetAddress.getHostAddress`): `::1` is `0:0:0:0:0:0:0:1`.
 * @returns undefined for what is no address
 */
export function brokersAddress(text: string): string | undefined {
  if (isIPv4(text)) return text;
  if (!isIPv6(text)) return undefined;
  const [address = '', zone] = text.split('%');
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [left, right] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':'))) as [string[], string[]];
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  if (groups.slice(0, 6).join() === '0,0,0,0,0,ffff')
    return groups
      .slice(6)
      .map((group) => Number.parseInt(group, 16))
      .map((word) => `${word >> 8}.${word & 255}`)
      .join('.');
  return groups.join(':') + (zone === undefined ? '' : `%${zone}`);
}

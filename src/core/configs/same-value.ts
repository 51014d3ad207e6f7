/** Whether two texts are the same value of a config: `0.50` and `0.5`, `TRUE` and `true`, as Kafka's ConfigDef reads them. */

/** The types of configs, at the index that DescribeConfigs gives them (KIP-569). */
const types = ['unknown', 'boolean', 'string', 'int', 'short', 'long', 'double', 'list', 'class', 'password'] as const;

/** `unknown` for a broker before Kafka 2.6, which does not say. */
export type ConfigType = (typeof types)[number];

/** @param code a type as DescribeConfigs gives it; undefined from a broker that does not */
export function configTypeOf(code: number | undefined): ConfigType {
  return types[code ?? 0] ?? 'unknown';
}

/** Whether the broker reads both texts as the same value. */
export function isSameValue(type: ConfigType, a: string, b: string): boolean {
  return a === b || canonical(type, a) === canonical(type, b);
}

/** As `isSameValue`, for a config whose order does not matter if it is a list: every list of a topic, such as `compact,delete`. */
export function isSameInAnyOrder(type: ConfigType, a: string, b: string): boolean {
  // Without a type a list still has to be recognized.
  const isList = type === 'list' || type === 'unknown';
  return isSameValue(type, a, b) || (isList && sorted(a) === sorted(b));
}

/** One text for all that mean the same: what Kafka cannot read stays as it is. */
function canonical(type: ConfigType, text: string): string {
  const trimmed = text.trim();
  switch (type) {
    case 'boolean':
      return trimmed.toLowerCase();
    case 'int':
    case 'short':
    case 'long':
      return /^[+-]?\d+$/.test(trimmed) ? String(BigInt(trimmed)) : trimmed;
    case 'double':
      // Java takes a type's letter behind the number.
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?[fd]?$/i.test(trimmed) ? String(Number.parseFloat(trimmed)) : trimmed;
    case 'list':
      return parts(trimmed).join(',');
    default:
      return trimmed;
  }
}

function parts(list: string): string[] {
  return list.split(',').map((part) => part.trim());
}

function sorted(list: string): string {
  return parts(list).sort().join(',');
}

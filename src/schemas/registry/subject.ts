/** Names of subjects with the context they are in (Confluent): `:.context:subject`. */

export const defaultContext = '.';

/** `:.shop:orders` is `orders` in the context `.shop`; any other name is in the default one. */
export function splitSubject(name: string): { readonly context: string; readonly subject: string } {
  const match = /^:(\.[^:]*):(.*)$/s.exec(name);
  return match ? { context: match[1]!, subject: match[2]! } : { context: defaultContext, subject: name };
}

/** A name as seen from a context: unless it names its own, it is in that one. */
export function qualifiedSubject(name: string, context: string): string {
  return context === defaultContext || /^:\.[^:]*:/.test(name) ? name : `:${context}:${name}`;
}

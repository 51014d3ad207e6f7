/** Full names of types, as Avro makes them from name, namespace and the namespace around. */

/** @param namespace the one that holds where the name stands; empty for none */
export function fullName(name: string, namespace: string): string {
  if (name.startsWith('.')) return name.slice(1);
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
}

/** The namespace of a full name; empty for none. */
export function namespaceOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('.')));
}

/** Where something stands in a schema: `fields[2].type`. */
export function below(path: string, step: string): string {
  return path === '' || step === '' || step.startsWith('[') ? `${path}${step}` : `${path}.${step}`;
}

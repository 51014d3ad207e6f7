/** The .proto files that registries never list as references, since every Protobuf has them: loaded when one is imported. */

/** @returns the text of the file with this name, as an import writes it; undefined for one that is not bundled */
export async function wellKnownFile(name: string): Promise<string | undefined> {
  if (name.startsWith('google/protobuf/')) return (await import('./bundle/google-protobuf.ts')).googleProtobuf[name];
  if (name.startsWith('google/type/')) return (await import('./bundle/google-type.ts')).googleType[name];
  if (name.startsWith('confluent/')) return (await import('./bundle/confluent.ts')).confluent[name];
  return undefined;
}

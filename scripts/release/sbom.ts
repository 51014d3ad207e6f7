/** The software bill of materials, CycloneDX: what npm knows of the packages in kt, and Bun, which is in the program and which npm takes for a tool. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './project.ts';
import { run } from './run.ts';

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly [field: string]: unknown;
}

export interface Sbom {
  readonly bomFormat: 'CycloneDX';
  readonly specVersion: string;
  readonly serialNumber: string;
  readonly metadata: { readonly timestamp: string; readonly component: Component; readonly [field: string]: unknown };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** @param time of the release, in seconds since 1970 @returns the same for the same package-lock.json, npm and time */
export async function makeSbom(time: number): Promise<Sbom> {
  const made: Sbom = JSON.parse(
    await run('npm', ['sbom', '--sbom-format=cyclonedx', '--package-lock-only', '--sbom-type=application']),
  );
  const shipped = shippedPackages();
  const isShipped = (ref: string) => shipped.has(ref) || ref === made.metadata.component['bom-ref'];
  const bun = bunComponent();
  const sbom: Omit<Sbom, 'serialNumber'> = {
    ...made,
    metadata: {
      ...made.metadata,
      timestamp: new Date(time * 1000).toISOString(),
      // npm takes the folder's name.
      component: { ...made.metadata.component, name: 'kt' },
    },
    components: [...made.components.filter((component) => shipped.has(component['bom-ref'])), bun],
    dependencies: [
      ...made.dependencies
        .filter(({ ref }) => isShipped(ref))
        .map(({ ref, dependsOn }) => {
          const inBinary = ref === made.metadata.component['bom-ref'] ? [bun['bom-ref']] : [];
          return { ref, dependsOn: [...dependsOn.filter(isShipped), ...inBinary] };
        }),
      { ref: bun['bom-ref'], dependsOn: [] },
    ],
  };
  return { ...sbom, serialNumber: serialNumberOf({ ...sbom, serialNumber: '' }) };
}

/** Packages that come with kt, as `NAME@VERSION`. npm's own --omit=dev leaves out those that kt's tools need too, such as yaml. */
function shippedPackages(): ReadonlySet<string> {
  const lock: Record<string, { version: string; dev?: boolean; devOptional?: boolean }> = lockedPackages();
  const paths = Object.keys(lock).filter((path) => path !== '' && !lock[path]!.dev && !lock[path]!.devOptional);
  return new Set(
    paths.map((path) => `${path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${lock[path]!.version}`),
  );
}

function lockedPackages(): Record<string, { version: string }> {
  return JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
}

function bunComponent(): Component {
  const { version } = lockedPackages()['node_modules/bun']!;
  const purl = `pkg:npm/bun@${version}`;
  return {
    'bom-ref': `bun@${version}`,
    type: 'application',
    name: 'bun',
    version,
    scope: 'required',
    description: 'The runtime inside the binary, with JavaScriptCore and TinyCC',
    licenses: ['MIT', 'LGPL-2.0-only', 'LGPL-2.1-only'].map((id) => ({ license: { id } })),
    purl,
    externalReferences: [{ type: 'website', url: 'https://bun.com' }],
  };
}

/** A UUID made from the content (RFC 9562, version 8) in place of a random one. */
function serialNumberOf(sbom: Sbom): string {
  const hash = createHash('sha256').update(JSON.stringify(sbom)).digest();
  hash[6] = (hash[6]! & 0x0f) | 0x80;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return `urn:uuid:${[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')}`;
}

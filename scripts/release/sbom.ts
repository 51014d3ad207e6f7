/** The software bill of materials, CycloneDX: what npm knows of kt's packages, and Bun, which is in the program and which npm takes for a tool. */
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
    await run('npm', ['sbom', '--sbom-format=cyclonedx', '--omit=dev', '--package-lock-only', '--sbom-type=application']),
  );
  const bun = bunComponent();
  const sbom: Omit<Sbom, 'serialNumber'> = {
    ...made,
    metadata: {
      ...made.metadata,
      timestamp: new Date(time * 1000).toISOString(),
      // npm takes the folder's name.
      component: { ...made.metadata.component, name: 'kt' },
    },
    components: [...made.components, bun],
    dependencies: [
      ...made.dependencies.map(({ ref, dependsOn }) =>
        ref === made.metadata.component['bom-ref'] ? { ref, dependsOn: [...dependsOn, bun['bom-ref']] } : { ref, dependsOn },
      ),
      { ref: bun['bom-ref'], dependsOn: [] },
    ],
  };
  return { ...sbom, serialNumber: serialNumberOf({ ...sbom, serialNumber: '' }) };
}

function bunComponent(): Component {
  const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages[
    'node_modules/bun'
  ];
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

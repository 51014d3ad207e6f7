/** winget's three manifests of a version, to be sent to microsoft/winget-pkgs: `winget install OWNER.kt`. */
import { stringify } from 'yaml';
import { type Checksums, sumOf } from '../checksums.ts';
import { downloads, license, owner, repository, summary, version } from '../project.ts';

const archive = 'kt-windows-x64.zip';
const manifestVersion = '1.12.0';

/** @returns the texts of the manifests by their names */
export function wingetManifests(sums: Checksums): ReadonlyMap<string, string> {
  const id = `${owner}.kt`;
  const locale = 'en-US';
  const manifest = (type: string, content: object) => {
    const schema = `# yaml-language-server: $schema=https://aka.ms/winget-manifest.${type}.${manifestVersion}.schema.json\n\n`;
    const head = { PackageIdentifier: id, PackageVersion: version };
    return schema + stringify({ ...head, ...content, ManifestType: type, ManifestVersion: manifestVersion });
  };
  return new Map([
    [`${id}.yaml`, manifest('version', { DefaultLocale: locale })],
    [
      `${id}.installer.yaml`,
      manifest('installer', {
        InstallerType: 'zip',
        NestedInstallerType: 'portable',
        NestedInstallerFiles: [{ RelativeFilePath: 'kt-windows-x64\\bin\\kt.exe', PortableCommandAlias: 'kt' }],
        Installers: [
          { Architecture: 'x64', InstallerUrl: `${downloads}/${archive}`, InstallerSha256: sumOf(sums, archive).toUpperCase() },
        ],
      }),
    ],
    [
      `${id}.locale.${locale}.yaml`,
      manifest('defaultLocale', {
        PackageLocale: locale,
        Publisher: owner,
        PublisherUrl: repository,
        PackageName: 'kt',
        PackageUrl: repository,
        License: license,
        LicenseUrl: `${repository}/blob/v${version}/LICENSE`,
        ShortDescription: summary,
        Moniker: 'kt',
        Tags: ['apache-kafka', 'cli', 'kafka'],
        ReleaseNotesUrl: `${repository}/releases/tag/v${version}`,
      }),
    ],
  ]);
}

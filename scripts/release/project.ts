/** What a release says of kt, read from package.json so that nothing is said twice. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');
/** What was fetched and built on the way; may be deleted at any time. */
export const cache = join(root, 'node_modules/.cache/kt-release');

const manifest: {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly repository: { readonly url: string };
} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

export const { version, license } = manifest;
/** The npm package's name; the program is `kt` everywhere. */
export const npmName = manifest.name;
/** One line without a full stop, as package managers want it. */
export const summary = manifest.description.replace(/\.$/, '');
/** In less than 80 characters, without an article, as Debian and Homebrew want it. */
export const synopsis = summary
  .split(':')[0]!
  .replace(/^(The|A|An) /, '')
  .replace(/^./, (first) => first.toUpperCase());
/** Where kt lives, such as `https://github.com/OWNER/kt`. */
export const repository = manifest.repository.url.replace(/^git\+|\.git$/g, '');
export const owner = new URL(repository).pathname.split('/')[1]!;
/** Where this version's files are downloaded from. */
export const downloads = `${repository}/releases/download/v${version}`;

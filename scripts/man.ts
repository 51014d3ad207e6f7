/** Writes what is generated from the commands: man/*.1, package.json's list of them, README's table of commands, docs/cli.md's tables. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { pages } from '../src/cli/man.ts';
import { withCommandTable } from '../src/cli/readme.ts';
import { withReference } from '../src/cli/reference.ts';
import { commands as registrations } from '../src/commands/index.ts';

const root = new URL('../', import.meta.url);
const folder = new URL('man/', root);
const packageFile = new URL('package.json', root);
const readmeFile = new URL('README.md', root);
const referenceFile = new URL('docs/cli.md', root);

const commands = await Promise.all(registrations.map((each) => each.load()));
const made = pages(commands);

mkdirSync(folder, { recursive: true });
for (const file of readdirSync(folder)) if (file.endsWith('.1') && !made.has(file)) rmSync(new URL(file, folder));
for (const [file, page] of made) writeFileSync(new URL(file, folder), page);

const manifest = JSON.parse(readFileSync(packageFile, 'utf8'));
manifest.man = [...made.keys()].map((file) => `man/${file}`).sort();
writeFileSync(packageFile, `${JSON.stringify(manifest, null, 2)}\n`);

const readme = existsSync(readmeFile) ? withCommandTable(readFileSync(readmeFile, 'utf8'), commands) : undefined;
if (readme !== undefined) writeFileSync(readmeFile, readme);
writeFileSync(referenceFile, withReference(readFileSync(referenceFile, 'utf8'), commands));
console.log(`${made.size} manual pages`);

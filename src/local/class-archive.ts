/**
 * Kafka's classes as Java maps them into memory (class data sharing, JEP 350). The first node to stop leaves them behind; those started later
 * need a third to a half of the processor time until they serve.
 */
import { createHash } from 'node:crypto';
import { closeSync, copyFileSync, existsSync, openSync, readdirSync, readSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const nameOf = /^classes-\w+\.jsa$/;

/** An archive's file: of one Java only, since others refuse it. @param java what `java -version` prints */
export function archiveName(java: string): string {
  return `classes-${createHash('sha256').update(java).digest('hex').slice(0, 12)}.jsa`;
}

/**
 * Java's flags for a node: they use the archive where there is one, else the node leaves one in its folder when it is stopped.
 * @param mayLeave whether it may do so, which takes it a second
 */
export function archiveFlags(cache: string, name: string, nodeFolder: string, mayLeave: boolean): readonly string[] {
  const archive = join(cache, name);
  if (existsSync(archive)) return [`-XX:SharedArchiveFile=${archive}`, '-Xlog:cds=off'];
  return mayLeave ? [`-XX:ArchiveClassesAtExit=${join(nodeFolder, name)}`, '-Xlog:cds=off', '-Xlog:cds+dynamic=off'] : [];
}

/** Moves what a stopped node has left to the cache, in one step, so that a half-written file is never used. */
export function keepArchive(nodeFolder: string, cache: string): void {
  const name = existsSync(nodeFolder) ? readdirSync(nodeFolder).find((file) => nameOf.test(file)) : undefined;
  if (name === undefined) return;
  const left = join(nodeFolder, name);
  if (!existsSync(join(cache, name)) && isWhole(left)) {
    const draft = join(cache, `${name}.${process.pid}`);
    copyFileSync(left, draft);
    renameSync(draft, join(cache, name));
  }
  rmSync(left);
}

/** Java writes the header last: it begins with zeros in the file of a node that was killed meanwhile. */
function isWhole(archive: string): boolean {
  const magic = Buffer.alloc(4);
  const file = openSync(archive, 'r');
  try {
    readSync(file, magic, 0, magic.length, 0);
  } finally {
    closeSync(file);
  }
  return magic.some((byte) => byte !== 0);
}

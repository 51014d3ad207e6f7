/** The file with the users' passwords, there only while a node's storage is formatted. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { formatFile, formatFileText } from './jvm.ts';
import { type ClusterState, writePrivately } from './state.ts';

/** Runs the work while the file is in the node's folder, readable by its owner only. */
export async function withFormatFile<T>(folder: string, state: ClusterState, work: () => Promise<T>): Promise<T> {
  const path = join(folder, formatFile);
  writePrivately(path, formatFileText(state));
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** Where the benchmark keeps its files. */
import { join } from 'node:path';

export const rootDirectory = join(import.meta.dirname, '..');
export const workDirectory = join(rootDirectory, 'node_modules/.cache/kt-bench');

/** What a program wrote to a topic, read back to prove that it did its work. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { timed } from './measure.ts';
import { kcat, kts } from './programs.ts';
import { workDirectory } from './work.ts';

/** Reads the topic with kcat. @param more of kcat's options @returns the file with its values */
export async function readBack(bootstrapServers: string, topic: string, ...more: readonly string[]): Promise<string> {
  const output = join(workDirectory, 'read-back');
  const read = ['-C', '-t', topic, '-o', 'beginning', '-e', '-q', '-X', 'fetch.wait.max.ms=10'];
  await timed({ command: kcat(bootstrapServers, ...read, ...more), output });
  return output;
}

/** How many records the topic has: "100 records". */
export function recordsIn(bootstrapServers: string, topic: string): string {
  const described = execFileSync(kts[0]![1][0]!, ['topics', 'describe', topic, '-o', 'json', '-b', bootstrapServers]);
  const [{ partitions }] = JSON.parse(described.toString());
  return `${partitions.reduce((sum: number, { records }: { records: number }) => sum + records, 0)} records`;
}

/** How many bytes of values it has, where transactions make the offsets no count: "100 bytes". */
export function bytesIn(bootstrapServers: string, topic: string): string {
  const read = ['tail', topic, '--from-beginning', '-e', '-o', 'value', '-b', bootstrapServers];
  return `${execFileSync(kts[0]![1][0]!, read, { maxBuffer: 1 << 30 }).length} bytes`;
}

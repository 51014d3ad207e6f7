/** For Bun: opens context after context with the system's Kerberos library, as the binary does, while garbage is collected. Prints how many. */
import { openContext } from '../../src/kafka/connection/kerberos/context.ts';
import { Library } from '../../src/kafka/connection/kerberos/library.ts';
import { systemLibrary } from '../../src/kafka/connection/kerberos/system-library.ts';

const [keytab] = process.argv.slice(2);
const { Bun } = globalThis as unknown as { Bun: { gc(waits: boolean): void } };
const path = systemLibrary();
const library = new Library(path);
const wanted = { library: path, service: 'kafka', host: 'localhost' };
let count = 0;
for (const principal of Array.from({ length: 300 }, (_, index) => (index % 2 === 0 ? 'alice' : undefined))) {
  const context = openContext(library, { ...wanted, principal, keytab, ticketCache: undefined });
  if (context.step(undefined).token.length > 0) count++;
  context.release();
  if (count % 10 === 0) Bun.gc(true);
}
console.log(count);

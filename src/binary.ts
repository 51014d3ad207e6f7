/** Entry of the single binary: bin/kt.js without its top-level await, which Bun's bytecode cannot hold. */
import { processIo, run } from './main.ts';

void run(processIo()).then((code) => {
  process.exitCode = code;
});

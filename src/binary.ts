/** Entry of the single binary: bin/kt.js without its top-level await, which Bun's bytecode cannot hold. */
import { main } from './main.ts';

// All is written and closed by now: exit() only spares the runtime its tear-down, half a millisecond.
void main().then((code) => process.exit(code));

#!/usr/bin/env node
import { main } from '../dist/main.js';

// All is written and closed by now; but a host name that is still being looked up would keep Node alive.
process.exit(await main());

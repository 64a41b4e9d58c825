// A preload: Artillery sees four processors, whatever the machine has, and so starts three workers.

import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';

const [cpu] = os.cpus();
os.cpus = () => Array.from({ length: 4 }, () => cpu);
syncBuiltinESMExports();

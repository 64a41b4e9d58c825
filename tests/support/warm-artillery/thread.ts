// A thread in which Artillery's worker runs again and again. It loads Artillery and the plugin only once.

import { registerHooks } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parentPort, type Serializable, setEnvironmentData } from 'node:worker_threads';
import { replaceEnvironment, resetGlobalObject } from './global-object.ts';
import { pollQuickly } from './quick-polls.ts';

export interface ToThread {
  readonly warm: 'begin';
  readonly run: number;
  readonly env: NodeJS.ProcessEnv;
  /** The data that the plugin in the launcher shares with the workers. */
  readonly shared: Serializable;
}

/** Every other message is from Artillery's worker. */
export type FromThread = { readonly warm: 'begun' } | { readonly warm: 'ended'; readonly code: number };

const root = path.resolve(import.meta.dirname, '../../..');
const workerUrl = pathToFileURL(path.join(root, 'node_modules/artillery/dist/lib/platform/local/worker.js')).href;
// As in a thread that Artillery starts.
process.argv[1] = fileURLToPath(workerUrl);
const processors = pathToFileURL(path.join(root, 'processors')).href;

if (parentPort === null) throw new Error('a thread of the tests');
const port = parentPort;
let run = 0;

pollQuickly();
// A processor remembers tokens, so every run loads the processors anew.
registerHooks({
  resolve(specifier, context, nextResolve) {
    const resolved = nextResolve(specifier, context);
    return resolved.url.startsWith(processors) ? { ...resolved, url: `${resolved.url}?run=${run}` } : resolved;
  },
});
// Artillery's worker ends its thread; this one stays.
process.exit = ((code = 0) => port.postMessage({ warm: 'ended', code })) as typeof process.exit;

async function begin(message: ToThread): Promise<void> {
  run = message.run;
  port.removeAllListeners('message');
  port.on('message', hear);
  replaceEnvironment(message.env);
  setEnvironmentData('artillery-plugin-race', message.shared);
  resetGlobalObject();
  // Artillery's worker keeps its state in its module, so every run loads that one module anew.
  await import(`${workerUrl}?run=${run}`);
  port.postMessage({ warm: 'begun' });
}

const hear = (message: Partial<ToThread>) => void (message.warm === 'begin' && begin(message as ToThread));
port.on('message', hear);

// Loaded before a suite of the user's own (node --import). Its processor may import artillery-plugin-race, which perhaps only
// this clone has. What is installed beside the suite comes first.

import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

const PLUGIN = 'artillery-plugin-race';
const require = createRequire(import.meta.url);

registerHooks({
  resolve(specifier, context, nextResolve) {
    try {
      return nextResolve(specifier, context);
    } catch (error) {
      if (specifier !== PLUGIN) throw error;
      return { url: pathToFileURL(require.resolve(PLUGIN)).href, format: 'module', shortCircuit: true };
    }
  },
});

// Preloaded with --import: the plugin's bundle throws when it is loaded.

import { registerHooks } from 'node:module';

registerHooks({
  load(url, context, nextLoad) {
    if (url.endsWith('plugin/dist/index.js')) throw new Error('the bundle is broken');
    return nextLoad(url, context);
  },
});

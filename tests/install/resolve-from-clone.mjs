// Loaded by `node --import`: what Artillery needs and does not find comes from the clone (CLONE). See clone-registry.ts.
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

const artillery = `${pathToFileURL(process.env.CLONE)}/node_modules/artillery/package.json`;

registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (error) {
      const isOwn = /^artillery-plugin-race|^[./]|^file:/.test(specifier);
      if (isOwn || !/node_modules\/artillery\//.test(context.parentURL ?? '')) throw error;
      return next(specifier, { ...context, parentURL: artillery });
    }
  },
});

import type { Format } from '../../capture.ts';
import { parseJsonOrYaml } from '../document.ts';

/** OpenAPI 3.0 and 3.1, as JSON or YAML. Every operation becomes a request with example values. */
export const openapi: Format = {
  name: 'openapi',
  // Swagger 2.0 too: its error should say what to do.
  recognises: (text) =>
    /^\s*\{/.test(text)
      ? /"(?:openapi|swagger)"\s*:\s*"?\d/.test(text)
      : /^\s*["']?(?:openapi|swagger)["']?\s*:/m.test(text),
  async read(text, choice) {
    const document = parseJsonOrYaml(text, 'OpenAPI document');
    const { requestsIn } = await import('./document.ts');
    return { format: 'openapi', requests: requestsIn(document, choice) };
  },
};

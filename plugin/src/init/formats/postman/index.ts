import type { Format } from '../../capture.ts';
import { parseJsonDocument } from '../document.ts';

/** Postman Collection 2.1, with its folders, variables and inherited ways to sign in. */
export const postman: Format = {
  name: 'postman',
  // Other versions and environments too: their errors should say what to do.
  recognises: (text) =>
    /^\s*\{/.test(text) &&
    (/"schema"\s*:\s*"[^"]*postman|"_postman_|\/collection\/v\d/.test(text) ||
      (/"item"\s*:\s*\[/.test(text) && /"info"\s*:\s*\{/.test(text)) ||
      (/"requests"\s*:\s*\[/.test(text) && /"order"\s*:\s*\[/.test(text))),
  async read(text) {
    const document = parseJsonDocument(text, 'Postman collection');
    const { captureIn } = await import('./collection.ts');
    return captureIn(document);
  },
};

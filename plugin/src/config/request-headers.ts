import * as z from 'zod';
import { headerName } from './pattern.ts';

const headersWith = (isName: (text: string) => boolean) =>
  z.record(z.string(), z.union([z.string(), z.number()])).superRefine((headers, { addIssue }) => {
    for (const [name, value] of Object.entries(headers)) {
      if (!isName(name)) {
        addIssue({ code: 'custom', path: [name], message: 'is not the name of a header' });
      } else if (/[^\t\x20-\x7e\x80-\xff]/.test(String(value))) {
        const message = 'has a character that no header can carry: encode it, such as in Base64';
        addIssue({ code: 'custom', path: [name], message });
      }
    }
  });

/** Whether a request can carry a header of that name. */
export const isHeaderName = (text: string): boolean => headerName.safeParse(text).success;

/** Headers of a request that the plugin itself sends. Those of virtual users are Artillery's. */
export const requestHeaders = headersWith(isHeaderName);

/** The same, with placeholders such as `{key}` also in the names. */
export const readBackHeaders = headersWith((text) => isHeaderName(text.replace(/\{[A-Za-z_]\w*\}/g, 'x')));

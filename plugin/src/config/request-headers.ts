import * as z from 'zod';
import { headerName } from './pattern.ts';

/** Headers of a request that the plugin itself sends. Those of virtual users are Artillery's. */
export const requestHeaders = z
  .record(z.string(), z.union([z.string(), z.number()]))
  .superRefine((headers, { addIssue }) => {
    for (const [name, value] of Object.entries(headers)) {
      if (!headerName.safeParse(name).success) {
        addIssue({ code: 'custom', path: [name], message: 'is not the name of a header' });
      } else if (/[^\t\x20-\x7e\x80-\xff]/.test(String(value))) {
        const message = 'has a character that no header can carry: encode it, such as in Base64';
        addIssue({ code: 'custom', path: [name], message });
      }
    }
  });

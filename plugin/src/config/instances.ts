import * as z from 'zod';

/** The servers of one API that divide the raced requests among them, as origins such as `http://10.0.0.1:8080`. */
export const instances = z
  .array(
    z.string().transform((written, context) => {
      const url = URL.parse(written);
      const isOrigin =
        url !== null &&
        /^https?:$/.test(url.protocol) &&
        url.hostname !== '' &&
        [url.username, url.password, url.search, url.hash].every((part) => part === '') &&
        url.pathname === '/';
      if (isOrigin) return url.origin;
      context.addIssue('must be an address without a path, such as http://10.0.0.1:8080');
      return z.NEVER;
    }),
  )
  .min(1, 'must name at least one server');

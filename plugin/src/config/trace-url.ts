import * as z from 'zod';

const PLACE = '{traceId}';

/** An address with a place for the id of a trace. Reports show it, so it may hold no credentials. */
export const traceUrl = z.string().superRefine((written, context) => {
  const url = URL.parse(written.replaceAll(PLACE, '0'.repeat(32)));
  if (url === null || !/^https?:$/.test(url.protocol) || !/^https?:\/\//i.test(written))
    context.addIssue('must be an address that begins with http:// or https://');
  else if (url.username !== '' || url.password !== '')
    context.addIssue('may hold no user name and no password: reports show it');
  else if (!written.includes(PLACE)) context.addIssue(`must contain ${PLACE}`);
});

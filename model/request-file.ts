import * as z from 'zod';

/** A raced request as it was sent, so that people can send it again. */
export const sent = z
  .object({
    method: z.string(),
    url: z.string(),
    headers: z
      .array(z.tuple([z.string(), z.string()]))
      .describe('Names and values, without those that a client sets by itself'),
    body: z.string().exactOptional().describe('Absent: there was no body, or it is not kept'),
    bodyBytes: z.int().min(1).exactOptional().describe('Only for a body that is not kept: how long it was'),
    isBinary: z.literal(true).exactOptional().describe('Only for a body that is not kept: it is not text'),
    isTlsUnchecked: z.literal(true).exactOptional().describe('The certificate of the target was not checked'),
  })
  .meta({
    id: 'SentRequest',
    description:
      'The request as it was sent, with *** in place of secrets. In each round, each worker thread keeps the first ones',
  });

export const traceId = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .describe('The trace id of the W3C traceparent that the request carried');

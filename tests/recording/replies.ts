import type { OutcomeRules, WireReply } from '../../plugin/src/recording/index.ts';

/** The default rules: the status says it. */
export const byStatus: OutcomeRules = {
  success: { status: [200, 201] },
  refusal: { status: ['400-499'] },
  orderId: '$.order_id',
  message: '$.message',
};

/** A complete reply; a body that is neither text nor bytes is written as JSON. */
export const reply = (status: number, body: unknown = {}, headers = {}): WireReply => ({
  kind: 'complete',
  status,
  headers,
  body: Buffer.from(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)),
});

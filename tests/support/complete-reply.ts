import type { Reply } from '../../plugin/src/gate/index.ts';

/** A complete answer with this status, and nothing else in it. */
export const completeReply = (status: number): Reply => ({
  kind: 'complete',
  status,
  statusMessage: '',
  rawHeaders: [],
  headers: {},
  body: Buffer.alloc(0),
  bodyBytes: 0,
});

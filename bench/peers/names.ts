/** The tools that are compared, and the ways to use them. */
export const PEERS = [
  'ours-http1',
  'ours-http2',
  'stock',
  'hook',
  'by-hand',
  'k6',
  'locust',
  'jmeter',
  'gatling',
  'hey',
] as const;
export type PeerName = (typeof PEERS)[number];

import type { Exchange } from '../../gate/index.ts';

/** The answer to a request that one contender sends for all. */
export type Answered = Pick<Exchange, 'reply' | 'timing'>;

/** What goes from one thread to the others. Without an answer: a contender of this machine waits for it. */
export interface SharedAnswer {
  readonly meeting: string;
  readonly answered?: Answered;
}

/** The answer as text, for other machines. */
export function answeredText({ reply, timing }: Answered): string {
  if (reply.kind === 'broken') return JSON.stringify({ reply, timing });
  const { body, ...head } = reply;
  return JSON.stringify({ reply: { ...head, rest: undefined }, body: Buffer.from(body).toString('base64'), timing });
}

/** Reads it. The times of another machine mean nothing here, so the answer is complete now. */
export function answeredFrom(text: string, nowMs: number): Answered {
  const { reply, body } = JSON.parse(text) as { reply: Answered['reply']; body?: string };
  const timing = { completedAtMs: nowMs };
  if (reply.kind === 'broken' || body === undefined) return { reply, timing };
  return { reply: { ...reply, body: Buffer.from(body, 'base64') }, timing };
}

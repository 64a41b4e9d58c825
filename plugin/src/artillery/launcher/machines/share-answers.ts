import { BroadcastChannel } from 'node:worker_threads';
import { answersChannelOf, clockOf, type RunContext } from '../../shared/run-context.ts';
import { type Answered, answeredFrom, answeredText, type SharedAnswer } from '../../shared/shared-answer.ts';
import type { Machines } from './join.ts';

/** As long as Redis keeps an answer. */
const TAKE_MS = 60_000;

/**
 * The answer to a request that one contender sends for all goes to the other machines as well: the first machine sends the
 * request, and puts the answer where the others take it.
 */
export function shareAnswers(machines: Machines, run: RunContext): { close(): void } {
  const channel = new BroadcastChannel(answersChannelOf(run));
  channel.unref();
  const now = clockOf(run);
  channel.onmessage = (event) => {
    const { meeting, answered } = (event as { readonly data: SharedAnswer }).data;
    const key = { kind: 'once', name: meeting } as const;
    if (machines.isHost) {
      if (answered !== undefined) void machines.ask('put', { key, text: answeredText(answered) });
      return;
    }
    if (answered !== undefined) return;
    void machines.ask('take', { key, timeoutMs: TAKE_MS }).then((text) => {
      const other: Answered =
        text === undefined
          ? {
              reply: { kind: 'broken', failure: 'timeout', error: 'the first machine has no answer' },
              timing: { completedAtMs: now() },
            }
          : answeredFrom(text, now());
      channel.postMessage({ meeting, answered: other } satisfies SharedAnswer);
    });
  };
  return { close: () => channel.close() };
}

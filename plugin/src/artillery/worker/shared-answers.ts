import { BroadcastChannel } from 'node:worker_threads';
import type { Exchange, OutgoingRequest } from '../../gate/index.ts';
import { visitIn } from '../shared/round-table.ts';
import { answersChannelOf, type RunContext } from '../shared/run-context.ts';
import type { Answered, SharedAnswer } from '../shared/shared-answer.ts';
import { createRegister } from './register.ts';

/** Requests that one contender sends for all. */
export interface SharedAnswers {
  /**
   * The answer of a meeting. The first contender of all workers that comes here sends the request; every other one gets the
   * same answer. Never rejects.
   */
  at(meeting: string, request: OutgoingRequest, send: () => Promise<Exchange>): Promise<Exchange>;
  /** Whoever still waits for another worker gets no answer. */
  close(): void;
}

/** @param kept how many answers of each place stay in memory, for whoever comes late; default: all */
export function createSharedAnswers(
  run: Pick<RunContext, 'runId' | 'meetings' | 'machine'>,
  now: () => number,
  kept = Infinity,
): SharedAnswers {
  const register = createRegister(run.meetings);
  const noAnswer = (error: string): Answered => ({
    reply: { kind: 'broken', failure: 'aborted', error },
    timing: { completedAtMs: now() },
  });
  const slots = new Slots(noAnswer, kept);
  // Answers may hold secrets: they go from memory to memory, never into a file.
  const channel = new BroadcastChannel(answersChannelOf(run));
  channel.onmessage = (event) => {
    const { meeting, answered } = (event as { readonly data: SharedAnswer }).data;
    if (answered !== undefined) slots.of(meeting).resolve({ ...answered, reply: withBuffer(answered.reply) });
  };
  channel.unref();
  let isClosed = false;
  const share = (meeting: string, answered: Answered): Answered => {
    if (!isClosed) channel.postMessage({ meeting, answered } satisfies SharedAnswer);
    return answered;
  };
  /** All others wait for this answer, so there always is one. */
  const sendForAll = async (meeting: string, send: () => Promise<Exchange>): Promise<Answered> => {
    try {
      const { reply, timing } = await send();
      return share(meeting, { reply, timing });
    } catch (error) {
      return share(meeting, noAnswer(`the answer cannot be shared: ${(error as Error).message}`));
    }
  };

  return {
    async at(meeting, request, send) {
      const slot = slots.of(meeting);
      const isFirst = register.numberOf(meeting).isNew;
      // Tells the launcher that somebody is here. The first machine sends for all machines.
      if (isFirst && !isClosed) channel.postMessage({ meeting } satisfies SharedAnswer);
      if (isFirst && run.machine === 1) slot.resolve(await sendForAll(meeting, send));
      return { request, ...(await slot.promise) };
    },
    close() {
      isClosed = true;
      channel.close();
      slots.close('the run was stopped');
    },
  };
}

/** What contenders wait for, at the latest meetings of each place. */
class Slots {
  /** By place, then by visit. */
  readonly #places = new Map<string, Map<number, PromiseWithResolvers<Answered>>>();
  readonly #noAnswer: (error: string) => Answered;
  readonly #kept: number;

  constructor(noAnswer: (error: string) => Answered, kept: number) {
    this.#noAnswer = noAnswer;
    this.#kept = kept;
  }

  /** The slot of this meeting. One that is older than those that are kept has no answer any more. */
  of(meeting: string): PromiseWithResolvers<Answered> {
    const [place, visit] = visitIn(meeting);
    const visits = this.#places.get(place) ?? new Map<number, PromiseWithResolvers<Answered>>();
    const slot = visits.get(visit) ?? Promise.withResolvers<Answered>();
    this.#places.set(place, visits.set(visit, slot));
    if (visits.size > this.#kept) {
      const oldest = Math.min(...visits.keys());
      visits.get(oldest)?.resolve(this.#noAnswer('the other contenders have gone on'));
      visits.delete(oldest);
    }
    return slot;
  }

  /** Whoever still waits gets no answer. */
  close(why: string): void {
    for (const visits of this.#places.values()) for (const slot of visits.values()) slot.resolve(this.#noAnswer(why));
  }
}

/** A message turns a buffer into plain bytes. */
const withBuffer = (reply: Answered['reply']): Answered['reply'] =>
  reply.kind === 'broken' ? reply : { ...reply, body: Buffer.from(reply.body) };

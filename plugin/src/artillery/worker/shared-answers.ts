import { BroadcastChannel } from 'node:worker_threads';
import type { Exchange, OutgoingRequest } from '../../gate/index.ts';
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

export function createSharedAnswers(
  run: Pick<RunContext, 'runId' | 'meetings' | 'machine'>,
  now: () => number,
): SharedAnswers {
  const register = createRegister(run.meetings);
  const slots = new Map<string, PromiseWithResolvers<Answered>>();
  const slotOf = (meeting: string) => {
    const slot = slots.get(meeting) ?? Promise.withResolvers<Answered>();
    slots.set(meeting, slot);
    return slot;
  };
  const noAnswer = (error: string): Answered => ({
    reply: { kind: 'broken', failure: 'aborted', error },
    timing: { completedAtMs: now() },
  });
  // Answers may hold secrets: they go from memory to memory, never into a file.
  const channel = new BroadcastChannel(answersChannelOf(run));
  channel.onmessage = (event) => {
    const { meeting, answered } = (event as { readonly data: SharedAnswer }).data;
    if (answered !== undefined) slotOf(meeting).resolve({ ...answered, reply: withBuffer(answered.reply) });
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
      const slot = slotOf(meeting);
      const isFirst = register.numberOf(meeting).isNew;
      // Tells the launcher that somebody is here. The first machine sends for all machines.
      if (isFirst && !isClosed) channel.postMessage({ meeting } satisfies SharedAnswer);
      if (isFirst && run.machine === 1) slot.resolve(await sendForAll(meeting, send));
      return { request, ...(await slot.promise) };
    },
    close() {
      isClosed = true;
      channel.close();
      for (const slot of slots.values()) slot.resolve(noAnswer('the run was stopped'));
    },
  };
}

/** A message turns a buffer into plain bytes. */
const withBuffer = (reply: Answered['reply']): Answered['reply'] =>
  reply.kind === 'broken' ? reply : { ...reply, body: Buffer.from(reply.body) };

import { randomUUID } from 'node:crypto';
import type { DeskQuestion } from '../../shared/read-back-desk.ts';
import type { Machines } from './join.ts';

type Answerer = (question: DeskQuestion) => Promise<boolean>;

/**
 * On several machines, the first one asks the server for all: the others ask it. It waits for a contender of its own, because
 * headers hold secrets and stay on their machine.
 *
 * @param answer asks the server
 */
export function throughHost(machines: Machines | undefined, answer: Answerer): Answerer {
  if (machines === undefined) return answer;
  return machines.isHost ? answerForAll(machines, answer) : askHost(machines);
}

function answerForAll(machines: Machines, answer: Answerer): Answerer {
  const { promise: ownQuestion, resolve } = Promise.withResolvers<void>();
  machines.on('question', async ({ id, inventory, visit }, from) => {
    await ownQuestion;
    const question: DeskQuestion = {
      kind: 'question',
      id,
      inventory,
      when: 'before',
      rawHeaders: [],
      ...(visit && { visit }),
    };
    const isTaken = await answer(question).catch(() => false);
    machines.tell(from, { type: 'answer', id, isTaken });
  });
  return (question) => {
    const answered = answer(question);
    resolve();
    return answered;
  };
}

function askHost(machines: Machines): Answerer {
  const waiting = new Map<string, (isTaken: boolean) => void>();
  machines.on('answer', ({ id, isTaken }) => {
    waiting.get(id)?.(isTaken);
    waiting.delete(id);
  });
  return (question) => {
    // Only the machine that sends a request for all has something read back in between.
    if (question.when === 'after') return Promise.resolve(false);
    const { inventory, visit } = question;
    return new Promise((resolve) => {
      const id = randomUUID();
      waiting.set(id, resolve);
      machines.tellHost({ type: 'question', id, inventory, ...(visit && { visit }) });
    });
  };
}

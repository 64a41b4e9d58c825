import type { RunContext } from '../shared/run-context.ts';
import { type Turn, type TurnAnswer, type TurnQuestion, turnChannel } from '../shared/turns.ts';

/** What comes next, where rounds repeat. */
export interface Turns {
  /** Waits for the launcher, which judges the turn before. Undefined: the race is over. */
  next(number: number): Promise<Turn | undefined>;
  /** Whoever still waits is told that the race is over. */
  close(): void;
}

/** @param heard told each turn before any contender goes on */
export function openTurns(run: Pick<RunContext, 'runId'>, heard: (turn: Turn) => void): Turns {
  const channel = turnChannel(run);
  channel.unref();
  /** The latest turn that was asked for: all contenders are in step. */
  let asked: { readonly number: number; readonly answer: PromiseWithResolvers<Turn | undefined> } | undefined;
  channel.onmessage = (event) => {
    const { data } = event as { readonly data: TurnQuestion | TurnAnswer };
    if (data.kind !== 'turn is' || data.number !== asked?.number) return;
    if (data.turn !== undefined) heard(data.turn);
    asked.answer.resolve(data.turn);
  };
  return {
    next(number) {
      if (asked !== undefined && asked.number >= number) return asked.answer.promise;
      asked = { number, answer: Promise.withResolvers() };
      channel.postMessage({ kind: 'what is turn', number } satisfies TurnQuestion);
      return asked.answer.promise;
    },
    close() {
      asked?.answer.resolve(undefined);
      channel.close();
    },
  };
}

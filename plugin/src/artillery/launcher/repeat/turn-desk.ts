import type { RepeatEnd } from '../../../../../model/index.ts';
import { COUNTER, type RunContext } from '../../shared/run-context.ts';
import { type Turn, type TurnAnswer, type TurnQuestion, turnChannel } from '../../shared/turns.ts';

/** What comes next; without a turn, the race is over. */
export interface Decision {
  readonly turn?: Turn | undefined;
  readonly end?: RepeatEnd | undefined;
}

/** Called once for each number, in order: all contenders of this machine are through with the turn before. */
export type Decide = (number: number) => Promise<Decision>;

/** Answers the workers' question what comes next. */
export function openTurnDesk(run: RunContext, decide: Decide): { end(): RepeatEnd | undefined; close(): void } {
  const channel = turnChannel(run);
  channel.unref();
  let latest: { readonly number: number; readonly decision: Promise<Decision> } | undefined;
  let end: RepeatEnd | undefined;
  channel.onmessage = (event) => {
    const { data } = event as { readonly data: TurnQuestion | TurnAnswer };
    if (data.kind !== 'what is turn') return;
    const { number } = data;
    // Each worker asks, and all get the same answer.
    if (latest === undefined || latest.number < number) latest = { number, decision: decide(number) };
    const tell = (decision: Decision) => {
      const { turn } = decision;
      end = decision.end;
      if (turn === undefined) Atomics.store(run.counters, COUNTER.over, 1);
      channel.postMessage({ kind: 'turn is', number, ...(turn && { turn }) } satisfies TurnAnswer);
    };
    // A history that cannot be read or written comes up again when it is judged; nothing is raced any more.
    latest.decision.then(tell, () => tell({}));
  };
  return { end: () => end, close: () => channel.close() };
}

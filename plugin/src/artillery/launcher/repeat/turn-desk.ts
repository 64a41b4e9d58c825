import type { Attempt, RepeatEnd } from '../../../../../model/index.ts';
import type { RunContext } from '../../shared/run-context.ts';
import { type Turn, type TurnAnswer, type TurnQuestion, turnChannel } from '../../shared/turns.ts';
import type { Machines } from '../machines/index.ts';

/** Who decides what comes next. */
export interface Decider {
  /** Judges the turn before. Called once for each number, in order. */
  next(number: number): Promise<Turn | undefined>;
  /** Resolves once all attempts of this machine are in its history. */
  written(): Promise<void>;
  /** The attempts of this machine in the turn under way. */
  attempts(): readonly Attempt[];
  fromOther(attempts: readonly Attempt[]): void;
}

/** Answers the workers' question what comes next. */
export function openTurnDesk(
  { run }: { readonly run: RunContext; readonly machines: Machines | undefined },
  decider: Decider,
): { end(): RepeatEnd | undefined; close(): void } {
  const channel = turnChannel(run);
  channel.unref();
  let latest: { readonly number: number; readonly turn: Promise<Turn | undefined> } | undefined;
  const decide = async (number: number): Promise<Turn | undefined> => {
    await decider.written();
    return decider.next(number);
  };
  channel.onmessage = (event) => {
    const { data } = event as { readonly data: TurnQuestion | TurnAnswer };
    if (data.kind !== 'what is turn') return;
    const { number } = data;
    // Each worker asks, and all get the same answer.
    if (latest === undefined || latest.number < number) latest = { number, turn: decide(number) };
    const tell = (turn?: Turn) =>
      channel.postMessage({ kind: 'turn is', number, ...(turn && { turn }) } satisfies TurnAnswer);
    // A history that cannot be read or written comes up again when it is judged; nothing is raced any more.
    latest.turn.then(tell, () => tell());
  };
  return { end: () => undefined, close: () => channel.close() };
}

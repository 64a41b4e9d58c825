import { InputError, type SourcedInventory } from '../../../config/index.ts';
import type { Machines } from './join.ts';

const ANSWER_MS = 5000;

/**
 * The inventories where the suite only says where they come from. The host alone asks, so all machines race for the same.
 *
 * @throws InputError as `ask` does, and if the host cannot get them
 */
export function inventoriesForAll(
  machines: Machines | undefined,
  ask: () => readonly SourcedInventory[] | undefined,
): readonly SourcedInventory[] | undefined {
  if (machines === undefined) return ask();
  const key = { kind: 'inventories' } as const;
  if (machines.isHost) {
    const found = ask();
    machines.askNow('put', { key, text: JSON.stringify(found ?? null) }, ANSWER_MS);
    return found;
  }
  const { joinMs } = machines;
  const text = machines.askNow('take', { key, timeoutMs: joinMs }, joinMs + ANSWER_MS);
  if (text === undefined)
    throw new InputError('the first machine of the run did not say what is raced for; nothing was booked');
  return (JSON.parse(text) as readonly SourcedInventory[] | null) ?? undefined;
}

/** What `prepare` makes; where it cannot, the other machines are told as well. */
export function orTellAll<T>(machines: Machines | undefined, prepare: () => T): T {
  try {
    return prepare();
  } catch (error) {
    if (error instanceof InputError) refuseOnAll(machines, error.message);
    throw error;
  }
}

/** Nobody races where one machine cannot. Blocks until the others have been told. */
export function refuseOnAll(machines: Machines | undefined, problem: string): void {
  machines?.tellAll({ type: 'refused', problem });
  machines?.askNow('flush', {}, ANSWER_MS);
  machines?.askNow('goodbye', {}, ANSWER_MS);
}

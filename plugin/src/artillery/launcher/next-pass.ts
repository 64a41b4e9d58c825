import {
  type History,
  type Inventory,
  type ReadBack,
  readBackKeysOf,
  roundsOf,
  weaknessesOf,
  withOutcome,
} from '../../../../model/index.ts';
import { readHistory } from '../../recording/index.ts';
import { PASS } from '../shared/passes.ts';
import type { FollowedRun } from './follow-run.ts';
import type { PreparedRun } from './prepare.ts';

/** Decides after each pass what contenders race again. They wait for it, in every worker. */
export async function decidePasses(prepared: PreparedRun, followed: FollowedRun): Promise<void> {
  const { passes, next } = prepared.run.passes;
  const { inventories } = prepared.settings.plan;
  for (let pass = 1; ; pass++) {
    await Atomics.waitAsync(passes, PASS.over, pass - 1).value;
    // A history that cannot be read comes up again when it is judged.
    const again = await weakAndFree(prepared, followed).catch((): readonly string[] => []);
    inventories.forEach(({ key }, index) => void Atomics.store(next, index, again.includes(key) ? 1 : 0));
    Atomics.store(passes, PASS.decided, pass);
    Atomics.notify(passes, PASS.decided);
  }
}

/** The inventories whose round was weak and which the server still holds free. */
async function weakAndFree({ settings, files, library }: PreparedRun, followed: FollowedRun) {
  const history = readHistory(files.history);
  const unsold = unsoldIn(history);
  if (settings.readBack === undefined || unsold.length === 0) return [];
  const said = await library.ask(unsold, { when: 'after', rawHeaders: followed.rawHeaders() });
  const answers = said.map(({ readBack }) => readBack);
  return racedAgain({ ...history, readBacks: [...history.readBacks, ...answers] }, answers);
}

/** The inventories that contenders went for and nobody got: only these can still be free. */
function unsoldIn({ run, attempts }: History): readonly Inventory[] {
  const sold = new Set(withOutcome(attempts, 'ok').map(({ inventory }) => inventory));
  const raced = new Set(attempts.map(({ inventory }) => inventory));
  return run.plan.inventories.filter(({ key }) => raced.has(key) && !sold.has(key));
}

/**
 * Which inventories are raced again: their round was weak, and all answers say that nothing of them is sold.
 *
 * @param history with the answers in it
 * @param answers what the server said after the pass
 */
export function racedAgain(history: History, answers: readonly ReadBack[]): readonly string[] {
  const isFree = (answer: ReadBack) => answer.kind === 'read' && answer.units === 0;
  const taken = new Set(answers.filter((answer) => !isFree(answer)).map(({ inventory }) => inventory));
  const free = new Set(answers.map(({ inventory }) => inventory).filter((key) => !taken.has(key)));
  const rounds = roundsOf(history.run.plan, history.attempts, history.unjudged);
  const weaknesses = weaknessesOf(history, rounds);
  const weak = rounds.filter((round) => (weaknesses.get(round)?.reasons ?? []).length > 0);
  return weak
    .filter(({ inventory }) => readBackKeysOf(inventory).every((key) => free.has(key)))
    .map(({ inventory }) => inventory.key);
}

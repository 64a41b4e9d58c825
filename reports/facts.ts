import { type Facts, type History, readBackKeysOf, type Totals, withOutcome, wordsOfRun } from '../model/index.ts';

/** The facts of a run that can rule out causes. */
export function factsOf({ run, attempts, readBacks, end }: History, { requests, ok }: Totals): Facts {
  const { plan, target, config } = run;
  const { wire } = config;
  return {
    readBack: plan.readBack ? (readBacks.some(({ kind }) => kind === 'read') ? 'read' : 'unread') : 'off',
    wasFree: wasFree({ run, attempts, readBacks }),
    isTls: /^https:/i.test(target),
    ...((wire === 'http1' || wire === 'http2') && { wire }),
    contenders: plan.contenders,
    requests,
    successes: ok,
    statuses: new Set(attempts.flatMap(({ answer }) => (answer.kind === 'answered' ? answer.status : []))),
    unknown: new Set(withOutcome(attempts, 'info').map(({ cause }) => cause)),
    wasInterrupted: end?.reason !== 'completed',
    ...(plan.oneAtATime === true && { oneAtATime: true as const }),
    words: wordsOfRun(run),
  };
}

function wasFree({ run, attempts, readBacks }: Pick<History, 'run' | 'attempts' | 'readBacks'>): boolean {
  const inventories = new Map(run.plan.inventories.map((inventory) => [inventory.key, inventory]));
  const raced = new Set(attempts.map(({ inventory }) => inventory));
  const free = new Set(
    readBacks
      .filter((answer) => answer.when === 'before' && answer.kind === 'read' && answer.units === 0)
      .map(({ inventory }) => inventory),
  );
  return [...raced].every((key) =>
    readBackKeysOf(inventories.get(key) ?? { key, capacity: 1 }).every((part) => free.has(part)),
  );
}

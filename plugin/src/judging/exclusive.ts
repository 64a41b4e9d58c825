import { type Attempt, describeConclusion, operationOf, type Success, withOutcome } from '../../../model/index.ts';
import { type Checker, type Contest, type Found, foundAt, isUnsettled } from './evidence.ts';

/**
 * Did two operations both succeed that exclude each other? And if the server can say which of them happened: is it the one
 * that was answered? Several attempts at the same operation may succeed.
 */
export const exclusiveOperations: Checker = (evidence) =>
  evidence.inventories.flatMap((contest): Found[] => {
    const broken = bothGranted(contest) ?? storedOtherwise(contest);
    if (broken === undefined) return [];
    const { what, witness, isByServer } = broken;
    const isDoubt = isByServer && isUnsettled(contest);
    return [foundAt(contest, evidence, { id: 'exclusive-broken', what, witness, isDoubt })];
  });

interface Broken {
  readonly what: string;
  readonly witness: readonly Attempt[];
  readonly isByServer: boolean;
}

/** The first success of each operation. */
const firstSuccesses = ({ attempts }: Contest): Success[] =>
  [...Map.groupBy(withOutcome(attempts, 'ok'), operationOf).values()].flatMap((same) => same.slice(0, 1));

function bothGranted(contest: Contest): Broken | undefined {
  const granted = firstSuccesses(contest);
  if (granted.length < 2) return undefined;
  const answers = granted.map((attempt) => `VU ${attempt.vu} ${operationOf(attempt)} (${describeConclusion(attempt)})`);
  const held = heldIn(contest);
  const server = held === undefined ? '' : `; the server says: ${listed(held)}`;
  const what = `${listed(granted.map(operationOf))} both succeeded: ${answers.join(', ')}${server}`;
  return { what, witness: granted.slice(0, 2), isByServer: false };
}

function storedOtherwise(contest: Contest): Broken | undefined {
  const held = heldIn(contest);
  if (held === undefined) return undefined;
  const [granted] = firstSuccesses(contest);
  const broken = (what: string, witness: readonly Attempt[]): Broken => ({ what, witness, isByServer: true });
  if (held.length > 1) {
    const what = `the server says that ${listed(held)} both happened, and they exclude each other`;
    return broken(what, granted === undefined ? contest.attempts.slice(0, 1) : [granted]);
  }
  if (granted !== undefined) {
    const answered = `VU ${granted.vu} was granted ${operationOf(granted)} (${describeConclusion(granted)})`;
    return held.includes(operationOf(granted))
      ? undefined
      : broken(`${answered}, but the server says: ${listed(held)}`, [granted]);
  }
  const [only] = held;
  if (only === undefined || contest.unitsBefore > 0 || contest.missing > 0) return undefined;
  const tried = contest.attempts.filter((attempt) => operationOf(attempt) === only);
  if (tried.some(({ outcome }) => outcome === 'info')) return undefined;
  return broken(
    `the server says that ${only} happened, although every attempt at it was refused`,
    (tried.length > 0 ? tried : contest.attempts).slice(0, 1),
  );
}

/** What the server says happened; undefined where it cannot say. */
const heldIn = ({ readBack }: Contest): readonly string[] | undefined =>
  readBack?.kind === 'read' ? readBack.holds : undefined;

const listed = (operations: readonly string[]): string =>
  operations.length === 0 ? 'nothing happened' : operations.join(' and ');

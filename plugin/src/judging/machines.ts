import type { Finding, History } from '../../../model/index.ts';
import type { Checker } from './evidence.ts';

/** Artillery ran this as one machine of several. Nobody knows how many there were, or what they did to the seats. */
export const machinesUnknown: Checker = ({ plan }) =>
  plan.machinesUnknown
    ? [
        {
          id: 'machines-unknown',
          message:
            'other machines may have raced for the same inventories: set `machines` and `meet` (ORDER_MACHINES, ' +
            'ORDER_MEET), or `machines: 1` if this is the only one',
          witness: [],
        },
      ]
    : [];

/** Did every machine take part until the end? After a loss no round is released, and nobody races on alone. */
export const machineLost: Checker = ({ history }) => {
  const message = lossOf(history);
  return message === undefined ? [] : [{ id: 'machine-lost', message, witness: [] }];
};

function lossOf({ run: { plan }, lost = [], machines = [1] }: History): string | undefined {
  const expected = plan.machines ?? 1;
  const came = lost.flatMap((loss) => loss.came ?? [])[0];
  if (came !== undefined) return `${came} of ${expected} machines came`;
  const gone = lost.flatMap(({ machine }) => machine ?? []).toSorted((a, b) => a - b);
  const reasons = [
    ...[...new Set(gone)].map((machine) => `machine ${machine} was lost`),
    ...(lost.some(({ what }) => what === 'redis') ? ['the Redis where the machines meet was lost'] : []),
    ...(machines.length < expected ? [`the histories of ${machines.length} of ${expected} machines are here`] : []),
  ];
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

/** Findings that attempts of another machine could explain, or a machine that was asleep while the server answered. */
const EXPLAINABLE: ReadonlySet<Finding['id']> = new Set([
  'no-winner',
  'ghost-booking',
  'lost-booking',
  'untold-booking',
  'slow',
]);

/**
 * Findings that only machines can explain which nobody counted: they may have got the rest. The attempts of a machine that was
 * lost are known to be missing, and each checker allows for them.
 */
const EXPLAINABLE_BY_UNKNOWN: ReadonlySet<Finding['id']> = new Set([
  'unsold',
  'gap',
  'wrongly-refused',
  'not-linearizable',
]);

/** Whether there may be attempts that the history lacks, on other machines. */
export const isUnseen = (history: History): boolean =>
  history.run.plan.machinesUnknown === true || lossOf(history) !== undefined;

/**
 * The findings; those that attempts which nobody has seen could explain are doubts. Two known winners stay a violation. What
 * is not known of the other machines comes before the doubts that may follow from it.
 */
export function doubtedIfUnseen(findings: readonly Finding[], history: History): readonly Finding[] {
  if (!isUnseen(history)) return findings;
  const isUnknown = history.run.plan.machinesUnknown === true;
  const isExplainable = (id: Finding['id']) => EXPLAINABLE.has(id) || (isUnknown && EXPLAINABLE_BY_UNKNOWN.has(id));
  return findings
    .map((finding): Finding => (isExplainable(finding.id) ? { ...finding, severity: 'doubt' } : finding))
    .toSorted((a, b) => orderOf(a) - orderOf(b));
}

const ABOUT_MACHINES: ReadonlySet<Finding['id']> = new Set(['machine-lost', 'machines-unknown']);

function orderOf({ severity, id }: Finding): number {
  if (severity === 'violation') return 0;
  return ABOUT_MACHINES.has(id) ? 1 : 2;
}

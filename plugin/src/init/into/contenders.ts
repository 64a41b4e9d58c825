import { isMapping } from '../../../../model/json.ts';

const DEFAULT = 10;

/**
 * How many virtual users go for each seat, where the suite has to say it: undefined where its phases do.
 *
 * @param config of the suite
 * @param wanted `--vus`
 */
export function contendersFor(
  config: Readonly<Record<string, unknown>>,
  wanted: number | undefined,
): number | undefined {
  const phases = (Array.isArray(config.phases) ? config.phases : []).filter(isMapping);
  const [first, ...others] = phases.filter((phase) => !('pause' in phase));
  const count = Number(first?.arrivalCount);
  if (wanted === undefined && others.length === 0 && Number.isInteger(count) && count >= 2) return undefined;
  // Artillery tries a suite without phases out with one virtual user.
  if (wanted !== undefined || phases.length === 0) return wanted;
  const arrivals = phases.reduce((sum, phase) => sum + arrivalsOf(phase), 0);
  return arrivals >= 2 ? Math.min(DEFAULT, arrivals) : DEFAULT;
}

/** About how many virtual users a phase starts. */
function arrivalsOf({ duration, arrivalRate, arrivalCount, maxVusers }: Readonly<Record<string, unknown>>): number {
  const number = (value: unknown) => (Number.isFinite(Number(value)) ? Number(value) : 0);
  const all = number(arrivalCount) + Math.floor(number(duration) * number(arrivalRate));
  return maxVusers === undefined ? all : Math.min(all, number(maxVusers));
}

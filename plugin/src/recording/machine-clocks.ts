import type { ClockRecord, History } from '../../../model/index.ts';

/** What to add to a machine's times in a round, and how wrong the sum may be; in milliseconds. */
interface Shift {
  readonly byMs: number;
  readonly errorMs: number;
}

/** Without a record of its clock, nobody knows when a machine released a round: the round is weak. */
const UNKNOWN: Shift = { byMs: 0, errorMs: 60_000 };

/** Two monotonic clocks drift apart by at most this: each is within 250 ppm of the clock that they are compared with. */
const MAX_DRIFT = 2 * 250e-6;

/**
 * How to put times of other machines on the clock of one of them. Monotonic clocks are never set, but the clock of Redis may
 * be, in the middle of a run. So only offsets that both machines took in the same round are compared: they took them from the
 * same clock, whatever it said.
 *
 * The error is that of the machine's own clock beside the common one, so two machines are at most the sum of their errors
 * apart in a round. From one round to another, the error of the axis machine comes on top.
 */
export function shiftsTo(axis: History): (history: History) => (round: number) => Shift {
  const ofAxis = clocksOf(axis);
  return (history) => {
    const own = clocksOf(history);
    if (history === axis) return (round) => ({ byMs: 0, errorMs: own.get(round)?.errorMs ?? UNKNOWN.errorMs });
    const startsMs = roundStartsMs(history);
    const common = [...own.values()].flatMap((clock) => {
      const other = ofAxis.get(clock.round);
      return other === undefined ? [] : [{ clock, other }];
    });
    return remembered((round) => {
      const [nearest] = common.toSorted((a, b) => Math.abs(a.clock.round - round) - Math.abs(b.clock.round - round));
      if (nearest === undefined) return UNKNOWN;
      const { clock, other } = nearest;
      const byMs = clock.offsetMs - other.offsetMs;
      if (clock.round === round) return { byMs, errorMs: clock.errorMs };
      const apartMs = Math.abs((startsMs.get(round) ?? 0) - (startsMs.get(clock.round) ?? 0));
      return { byMs, errorMs: Math.min(UNKNOWN.errorMs, clock.errorMs + other.errorMs + MAX_DRIFT * apartMs) };
    });
  };
}

/** A round has many attempts. */
function remembered(shiftIn: (round: number) => Shift): (round: number) => Shift {
  const known = new Map<number, Shift>();
  return (round) => {
    const shift = known.get(round) ?? shiftIn(round);
    known.set(round, shift);
    return shift;
  };
}

const clocksOf = ({ clocks = [] }: History): ReadonlyMap<number, ClockRecord> =>
  new Map(clocks.map((clock) => [clock.round, clock]));

/** When the first attempt of each round was released, on the machine's own clock. */
function roundStartsMs({ attempts }: History): ReadonlyMap<number, number> {
  const starts = new Map<number, number>();
  for (const { round, releasedAtMs = Infinity } of attempts)
    starts.set(round, Math.min(starts.get(round) ?? Infinity, releasedAtMs));
  return starts;
}

export { authorise, signIn } from './order-race.mts';

interface Context {
  readonly vars: Record<string, unknown> & {
    /** The virtual user's number, from 1; the plugin `race` sets it. */
    readonly $vu?: number;
    /** The row of this round. */
    readonly $loopElement?: unknown;
    /** The seats of each row; the plugin `race` sets them. */
    readonly $parts?: Readonly<Record<string, readonly string[]>>;
  };
}

/** Pairs of three neighbouring seats. The last pair is the first one in reverse, because that is how locks deadlock. */
const PAIRS = [
  [0, 1],
  [1, 2],
  [2, 0],
  [1, 0],
] as const;

/** Function step: chooses the seats that this virtual user orders (`seatIds`), another pair in each row. */
export async function chooseSeats({ vars }: Context): Promise<void> {
  const { $vu = 1, $loopElement: row, $parts = {} } = vars;
  const seats = $parts[String(row)] ?? [];
  const round = Object.keys($parts).indexOf(String(row));
  const pair = PAIRS[($vu + round) % PAIRS.length] ?? PAIRS[0];
  vars.seatIds = pair.map((index) => seats[index]);
}

import type { Machines } from './join.ts';

/** How much longer than the host a guest waits for the host's word. */
const WORD_MS = 2000;
const POLL_MS = 50;

/** Says that this machine is ready, and waits until all are. Nobody races where some do not come in time. */
export async function gather(machines: Machines): Promise<void> {
  const ready = new Set<number>();
  let isDecided = false;
  const decide = () => {
    isDecided = true;
  };
  machines.on('ready', (_, from) => void ready.add(from));
  machines.on('open', decide);
  machines.on('too few', decide);
  machines.onLost(decide);
  const roundTripMs = (await machines.ask('roundTrip', {})) ?? 0;
  machines.tellHost({ type: 'ready', roundTripMs });
  const endMs = performance.now() + machines.joinMs + (machines.isHost ? 0 : WORD_MS);
  while (!isDecided && performance.now() < endMs) await pause();
  if (!isDecided && machines.isHost) machines.tellAll({ type: 'too few', came: ready.size });
}

/** Lets each machine wait until the contenders of all are through. */
export function createFinish(machines: Machines): { allThrough(): Promise<void> } {
  const through = new Set<number>();
  let isOver = false;
  machines.on('through', (_, from) => void through.add(from));
  const end = () => {
    isOver = true;
  };
  machines.on('all through', end);
  machines.on('too few', end);
  const isThrough = (): boolean => {
    const lost = machines.losses();
    const isGone = (machine: number) => lost.some((loss) => loss.kind === 'machine' && loss.machine === machine);
    // Without Redis nobody will say any more that he is through.
    if (isOver || lost.some(({ kind }) => kind === 'redis') || isGone(1) || isGone(machines.machine)) return true;
    const all = Array.from({ length: machines.count }, (_, index) => index + 1);
    return machines.isHost && all.every((machine) => through.has(machine) || isGone(machine));
  };
  return {
    async allThrough() {
      machines.tellHost({ type: 'through' });
      while (!isThrough()) await pause();
    },
  };
}

/** Does not keep the process alive. */
const pause = () => new Promise<void>((resolve) => void setTimeout(resolve, POLL_MS).unref());

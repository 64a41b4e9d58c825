/** Which cores each process may use. Without a list: any. */
export interface Cores {
  readonly database?: readonly number[];
  readonly target?: readonly number[];
  readonly tool?: readonly number[];
}

/** Below this, a process that is kept on a core of its own takes it from the others. */
const ENOUGH = 4;

/** Gives the database, the target and the tool cores of their own, where there are at least four. */
export function coresFor(count: number): Cores {
  if (count < ENOUGH) return {};
  const half = Math.floor(count / 2);
  const all = Array.from({ length: count }, (_, index) => index);
  return { database: [0], target: all.slice(1, half), tool: all.slice(half) };
}

/** The command that runs a command on some cores. */
export const onCores = (cores: readonly number[] | undefined, command: readonly string[]): readonly string[] =>
  cores === undefined ? command : ['taskset', '-c', cores.join(','), ...command];

export const describeCores = ({ database, target, tool }: Cores): string =>
  database === undefined
    ? 'too few cores for each process to have its own'
    : `cores of their own: database ${database.join(', ')}; target ${target?.join(', ')}; tool ${tool?.join(', ')}`;

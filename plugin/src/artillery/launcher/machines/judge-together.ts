import type { History } from '../../../../../model/index.ts';
import { parseJson } from '../../../../../model/json.ts';
import type { LastLine, MachineLines } from '../../../meet/index.ts';
import { HistoryError, mergeMachines, parseHistory, readHistory } from '../../../recording/index.ts';
import type { Machines } from './join.ts';

/** How long the host waits for the last lines of the others. */
const LAST_LINES_MS = 6000;
/** How long the others wait for the host to judge. */
const VERDICT_MS = 20_000;
const ANSWER_MS = 5000;
const POLL_MS = 100;

/** What the host judged: so many lines of each machine. */
interface Judged {
  readonly lines: readonly (readonly [machine: number, count: number])[];
}

/**
 * The history of the whole run, as every machine judges it. Blocks this thread: it is called when the process ends. Where
 * Redis is lost, this machine's own history may be all that can be read.
 */
export function historyOfAll(machines: Machines, ownFile: string): History {
  machines.askNow('flush', {}, ANSWER_MS);
  const all = machines.isHost ? collect(machines) : collected(machines);
  machines.askNow('goodbye', {}, ANSWER_MS);
  const histories = (all ?? []).flatMap(({ lines }) => readable(lines));
  // A Redis that was started again has lost the beginning of this machine's history, but the file has it.
  const isComplete = histories.some(({ run }) => run.machine === machines.machine);
  return mergeMachines(isComplete ? histories : [...histories, readHistory(ownFile)]);
}

/** Waits for the last line of each machine that is not lost, and tells the others what is judged. */
function collect(machines: Machines): readonly MachineLines[] | undefined {
  for (const endMs = performance.now() + LAST_LINES_MS; ; pause()) {
    const last = machines.askNow('lastLines', {}, ANSWER_MS) ?? [];
    if (isWhole(machines, last) || performance.now() > endMs) break;
  }
  const all = machines.askNow('history', {}, ANSWER_MS);
  if (all === undefined) return undefined;
  const judged: Judged = { lines: all.map(({ machine, lines }) => [machine, lines.length]) };
  machines.askNow('put', { key: { kind: 'verdict' }, text: JSON.stringify(judged) }, ANSWER_MS);
  return all;
}

/** The same lines as the host. */
function collected(machines: Machines): readonly MachineLines[] | undefined {
  const text = machines.askNow('take', { key: { kind: 'verdict' }, timeoutMs: VERDICT_MS }, VERDICT_MS + ANSWER_MS);
  const all = machines.askNow('history', {}, ANSWER_MS);
  if (text === undefined || all === undefined) return all;
  const counts = new Map((JSON.parse(text) as Judged).lines);
  return all
    .filter(({ machine }) => counts.has(machine))
    .map(({ machine, lines }) => ({ machine, lines: lines.slice(0, counts.get(machine)) }));
}

function isWhole(machines: Machines, last: readonly LastLine[]): boolean {
  const lost = machines.losses();
  if (lost.some(({ kind }) => kind === 'redis')) return true;
  const gone = new Set(lost.flatMap((loss) => (loss.kind === 'machine' ? loss.machine : [])));
  const hasEnded = ({ line }: LastLine) => (parseJson(line) as { type?: string } | undefined)?.type === 'end';
  const ended = new Set(last.filter(hasEnded).map(({ machine }) => machine));
  return Array.from({ length: machines.taking() }, (_, index) => index + 1).every(
    (machine) => ended.has(machine) || gone.has(machine),
  );
}

/** A machine that was lost early may have left nothing that can be read. */
function readable(lines: readonly string[]): History[] {
  try {
    return [parseHistory(lines.join('\n'))];
  } catch (error) {
    if (error instanceof HistoryError) return [];
    throw error;
  }
}

const cell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
const pause = () => void Atomics.wait(cell, 0, 0, POLL_MS);

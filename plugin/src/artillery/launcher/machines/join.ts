import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Attempt, RepeatEnd } from '../../../../../model/index.ts';
import { InputError, type RunSettings } from '../../../config/index.ts';
import { type CommonPlan, type Lost, type Meeting, openMeeting } from '../../../meet/index.ts';
import type { Call, Move } from '../../../rendezvous/index.ts';
import type { ArtilleryScript } from '../../shared/artillery.ts';
import type { Turn } from '../../shared/turns.ts';

/** What machines say to each other. The host is the first machine. */
export type MachineMessage =
  /** To the host: this machine is ready to race. */
  | { readonly type: 'ready'; readonly roundTripMs: number }
  /** From the host: all machines are there. */
  | { readonly type: 'open' }
  /** From the host: so many of them came in time. */
  | { readonly type: 'too few'; readonly came: number }
  /** The run cannot take place. */
  | { readonly type: 'refused'; readonly problem: string }
  /** To the host's rendezvous, and from it. Instants are on the common clock. */
  | { readonly type: 'moves'; readonly moves: readonly Move[] }
  | { readonly type: 'calls'; readonly calls: readonly { readonly machine: number; readonly call: Call }[] }
  | { readonly type: 'settling' }
  /** To the host: is it taken? And back. */
  | { readonly type: 'question'; readonly id: string; readonly inventory: string; readonly visit?: number }
  /** To the host: this machine is through with the turn before this one, and these are its attempts, on the common clock. */
  | {
      readonly type: 'turn over';
      readonly number: number;
      readonly attempts: readonly Attempt[];
      readonly isInterrupted: boolean;
    }
  /** From the host: what comes next, where rounds repeat. Without a turn, the race is over, for the reason that `end` names. */
  | { readonly type: 'turn'; readonly number: number; readonly turn?: Turn; readonly end?: RepeatEnd }
  | { readonly type: 'answer'; readonly id: string; readonly isTaken: boolean }
  /** To the host: contenders of this machine wait for a request that one sends for all. From the host: nobody sends it. */
  | { readonly type: 'wanted'; readonly meeting: string }
  | { readonly type: 'not sent'; readonly meeting: string }
  /** A machine was lost. It may say so itself, because it is stopped. */
  | { readonly type: 'lost'; readonly lost: Lost }
  /** To the host: the contenders of this machine are through. From the host: those of all machines are, and the server was asked. */
  | { readonly type: 'through' }
  | { readonly type: 'all through' };

type MessageOf<Type> = Extract<MachineMessage, { readonly type: Type }>;

/** This machine among the machines of the run. */
export interface Machines extends Pick<Meeting, 'machine' | 'key' | 'offsetMs' | 'record' | 'ask' | 'askNow'> {
  readonly count: number;
  readonly isHost: boolean;
  readonly joinMs: number;
  tellHost(message: MachineMessage): void;
  tellAll(message: MachineMessage): void;
  tell(machine: number, message: MachineMessage): void;
  /** Calls the listener for each message of the type; `from` is the machine that said it. */
  on<Type extends MachineMessage['type']>(type: Type, listener: (message: MessageOf<Type>, from: number) => void): void;
  /** Calls the listener for each machine that is lost, and for Redis; at once for what is lost already. */
  onLost(listener: (lost: Lost) => void): void;
  /** How many machines take part: all of them, or those that came in time. */
  taking(): number;
  /** What is lost, as far as this machine knows. */
  losses(): readonly Lost[];
}

/**
 * Joins the other machines of the run; undefined if there are no others. Blocks until Redis has answered.
 *
 * @throws InputError if Redis cannot be used, or if this machine may not take part
 */
export function joinMachines(script: ArtilleryScript, settings: RunSettings, originNs: bigint): Machines | undefined {
  const { count, meeting } = settings.machines;
  if (meeting === undefined) return undefined;
  const listeners = new Map<string, ((message: never, from: number) => void)[]>();
  const lossListeners: ((lost: Lost) => void)[] = [];
  const losses: Lost[] = [];
  let came = count;
  const lose = (lost: Lost) => {
    if (losses.some((known) => JSON.stringify(known) === JSON.stringify(lost))) return;
    losses.push(lost);
    for (const listener of lossListeners) listener(lost);
  };
  const events = {
    message(from: number, value: unknown) {
      const message = value as MachineMessage;
      if (message.type === 'lost') lose(message.lost);
      if (message.type === 'too few') came = message.came;
      for (const listener of listeners.get(message.type) ?? []) listener(message as never, from);
    },
    lost: lose,
  };
  const joined = openOr(() =>
    openMeeting({ ...meeting, machines: count, plan: commonPlan(script, settings), originNs }, events),
  );
  return {
    ...joined,
    count,
    isHost: joined.machine === 1,
    joinMs: meeting.joinMs,
    tellHost: (message) => joined.send('host', message),
    tellAll: (message) => joined.send('all', message),
    tell: (machine, message) => joined.send(machine, message),
    on: (type, listener) => void listeners.set(type, [...(listeners.get(type) ?? []), listener]),
    onLost(listener) {
      lossListeners.push(listener);
      for (const lost of losses) listener(lost);
    },
    taking: () => came,
    losses: () => losses,
  };
}

function openOr(open: () => Meeting): Meeting {
  try {
    return open();
  } catch (error) {
    throw new InputError(`config.plugins.race.meet: ${(error as Error).message}; nothing was booked`);
  }
}

/** Settings that say where a run runs, not what is raced. */
const OF_ONE_MACHINE = ['meet', 'joinMs', 'output', 'console', 'confirm'];

/**
 * What must be equal on all machines, by the path that a refusal names. Paths of files are relative to the script, because
 * each machine has it somewhere else. The target and the variables may come from the environment, so they may differ.
 */
function commonPlan(
  { scenarios = [], before, after, config, _scriptPath }: ArtilleryScript,
  settings: RunSettings,
): CommonPlan {
  const folder = path.dirname(path.resolve(_scriptPath ?? '.'));
  const digest = (value: unknown): string =>
    createHash('sha256')
      .update(JSON.stringify(value ?? null).replaceAll(folder, '.'))
      .digest('hex');
  const { inventories, contenders } = settings.plan;
  const race = Object.entries(settings.published).filter(
    ([name]) => ![...OF_ONE_MACHINE, 'inventories', 'contenders', 'machines'].includes(name),
  );
  const steps = scenarios.flatMap(({ flow, ...scenario }, index): [string, unknown][] => [
    [`scenarios.${index}`, scenario],
    ...[flow].flat().map((step, at): [string, unknown] => [`scenarios.${index}.flow.${at}`, step]),
  ]);
  const others: [string, unknown][] = [
    ['config.phases', config.phases],
    ['config.http', config.http],
    ...race.map(([name, value]): [string, unknown] => [`config.plugins.race.${name}`, value]),
    ...steps,
    ['scenarios', scenarios.length],
    ['before', before],
    ['after', after],
  ];
  const keys = inventories.map(({ key }) => key).join(', ');
  return {
    contenders: String(contenders),
    inventories: keys.length <= 60 ? keys : digest(inventories),
    ...Object.fromEntries(others.map(([name, value]) => [name, digest(value)])),
  };
}

import * as z from 'zod';
import type { Plan } from '../../../model/index.ts';
import { ConfigError } from './config-error.ts';
import type { ParsedRaceConfig } from './schema.ts';

/** The machines of a run. */
export interface MachineSettings {
  readonly count: number;
  /** Artillery runs this on a machine among others, and nothing says how many there are. */
  readonly isUnknown: boolean;
  /** Where they meet; absent for a single machine. */
  readonly meeting?: { readonly url: string; readonly run: string; readonly joinMs: number };
}

type Variables = Readonly<Record<string, string | undefined>>;

const PATH = 'config.plugins.race';
const wholeNumber = z.string().trim().regex(/^\d+$/).transform(Number);
const schemas = {
  ORDER_MACHINES: wholeNumber.pipe(z.int().min(1).max(1000)),
  ORDER_JOIN_MS: wholeNumber.pipe(z.int().min(1)),
};

/**
 * How many machines race together, and where they meet. Variables win over the script, in every suite.
 *
 * @throws ConfigError where several machines have no place to meet, or no name for their run
 */
export function machinesOf(
  race: Pick<ParsedRaceConfig, 'machines' | 'meet' | 'joinMs'>,
  env: Variables,
): MachineSettings {
  const declared = numberIn(env, 'ORDER_MACHINES') ?? race.machines;
  const count = declared ?? 1;
  // Artillery sets WORKER_ID on each machine of Fargate, Lambda and ACI.
  if (count === 1) return { count, isUnknown: declared === undefined && isSet(env.WORKER_ID) };
  return {
    count,
    isUnknown: false,
    meeting: {
      url: addressIn(env.ORDER_MEET?.trim() || race.meet?.trim() || ''),
      run: runIn(env),
      joinMs: numberIn(env, 'ORDER_JOIN_MS') ?? race.joinMs,
    },
  };
}

/**
 * Rounds are numbered by the plan: without one, each machine would number them in the order in which its own contenders come.
 *
 * @throws ConfigError where several machines race for inventories that the suite does not name
 */
export function checkPlanned({ count }: MachineSettings, inventories: readonly unknown[]): void {
  if (count === 1 || inventories.length > 0) return;
  const fix = 'several machines must know what they race for: list it here, or say where it comes from';
  throw new ConfigError({ path: `${PATH}.inventories`, problem: 'missing', fix });
}

/** What the plan says of the machines; nothing for a single one. */
export const plannedMachines = ({ count, isUnknown }: MachineSettings): Pick<Plan, 'machines' | 'machinesUnknown'> => ({
  ...(count > 1 && { machines: count }),
  ...(isUnknown && { machinesUnknown: true }),
});

/** The address of the Redis, without user and password. */
export function publicMeet(address: string): string {
  const url = URL.parse(address);
  return url === null ? '***' : `${url.protocol}//${url.host}`;
}

const isSet = (value: string | undefined): boolean => value !== undefined && value.trim() !== '';

function numberIn(env: Variables, name: keyof typeof schemas): number | undefined {
  const text = env[name];
  if (text === undefined || text.trim() === '') return undefined;
  const parsed = schemas[name].safeParse(text);
  if (parsed.success) return parsed.data;
  const fix =
    name === 'ORDER_MACHINES' ? 'must be a whole number from 1 to 1000' : 'must be a whole number of milliseconds';
  throw new ConfigError({ path: name, fix, received: `"${text.slice(0, 40)}"` });
}

function addressIn(address: string): string {
  const path = `${PATH}.meet`;
  // A template of Artillery without a value comes to one of these.
  if (['', 'undefined', 'null'].includes(address)) {
    const fix = 'name the Redis where the machines meet, here or in ORDER_MEET: redis://host:6379';
    throw new ConfigError({ path, problem: 'missing', fix });
  }
  const url = URL.parse(address);
  if (url !== null && /^rediss?:$/.test(url.protocol) && url.hostname !== '') return address;
  // The address may hold a password, so it is not shown.
  throw new ConfigError({ path, fix: 'must be redis:// or rediss://, such as rediss://user:password@host:6379/0' });
}

function runIn(env: Variables): string {
  const [path, run] = isSet(env.ORDER_RUN_ID)
    ? ['ORDER_RUN_ID', env.ORDER_RUN_ID]
    : ['ARTILLERY_TEST_RUN_ID', env.ARTILLERY_TEST_RUN_ID];
  if (run === undefined || run.trim() === '') {
    const fix = 'several machines need a name for their run, equal on all of them and new for each run';
    throw new ConfigError({ path: 'ORDER_RUN_ID', problem: 'missing', fix });
  }
  if (/^[\w.-]{1,100}$/.test(run.trim())) return run.trim();
  const fix = 'may have letters, digits, ".", "_" and "-", at most 100';
  throw new ConfigError({ path, fix, received: `"${run.slice(0, 40)}"` });
}

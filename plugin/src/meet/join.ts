import { KEPT_S, keysOf, type Redis } from './redis.ts';

/** What all machines of a run must have in common, by the name that a refusal gives it, such as `contenders`. */
export type CommonPlan = Readonly<Record<string, string>>;

/** A machine that may not take part. The message is one sentence for the user. */
export class Refused extends Error {}

/** How long a machine that has just joined counts as alive, before its first heartbeat. */
const FIRST_ALIVE_MS = 10_000;

/*
 * Gives the next number, unless the machine has another plan, all machines are there, or the run is over. The script is
 * atomic, so two machines that come at once get two numbers. A refused machine leaves nothing behind.
 *
 * The first one also makes the streams, so that an empty Redis is one that has forgotten the run.
 *
 * KEYS: machines, plan, verdict, three streams, alive:1 … alive:N. ARGV: N, seconds to keep, milliseconds alive, then names and values.
 */
const JOIN = `
local came = tonumber(redis.call('GET', KEYS[1]) or '0')
if came > 0 then
  if redis.call('EXISTS', KEYS[3]) == 1 or redis.call('EXISTS', KEYS[7]) == 0 then return { 'over' } end
  local known = redis.call('HGETALL', KEYS[2])
  local plan = {}
  for i = 1, #known, 2 do plan[known[i]] = known[i + 1] end
  for i = 4, #ARGV, 2 do
    if plan[ARGV[i]] ~= ARGV[i + 1] then return { 'differs', ARGV[i], plan[ARGV[i]] or '' } end
  end
  if came >= tonumber(ARGV[1]) then return { 'full' } end
else
  redis.call('DEL', KEYS[2])
  for i = 4, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
  redis.call('EXPIRE', KEYS[2], ARGV[2])
  for i = 4, 6 do
    redis.call('XGROUP', 'CREATE', KEYS[i], 'none', '$', 'MKSTREAM')
    redis.call('EXPIRE', KEYS[i], ARGV[2])
  end
end
local machine = redis.call('INCR', KEYS[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('SET', KEYS[6 + machine], '1', 'PX', ARGV[3])
return { 'joined', tostring(machine) }`;

/**
 * Joins the run.
 *
 * @returns the number of this machine: 1, 2, 3 … in the order in which they came
 * @throws Refused where the machine may not take part
 */
export async function join(redis: Redis, run: string, machines: number, others: CommonPlan): Promise<number> {
  const keys = keysOf(run);
  const alive = Array.from({ length: machines }, (_, index) => keys.alive(index + 1));
  const plan: CommonPlan = { machines: `${machines}`, ...others };
  const [result, first = '', known = ''] = (await redis.eval(JOIN, {
    keys: [keys.machines, keys.plan, keys.verdict, keys.moves, keys.departures, keys.history, ...alive],
    arguments: [`${machines}`, `${KEPT_S}`, `${FIRST_ALIVE_MS}`, ...Object.entries(plan).flat()],
  })) as unknown as [string, string?, string?];
  switch (result) {
    case 'joined':
      return Number(first);
    case 'differs':
      throw new Refused(differenceOf(run, first, plan[first] ?? '', known));
    case 'full':
      throw new Refused(`the run "${run}" has its ${machines} machines already: ${NEW_NAME}`);
    case 'over':
      throw new Refused(`the run "${run}" is over: ${NEW_NAME}`);
    default:
      throw new Error(`Redis answered ${result}`);
  }
}

const NEW_NAME = 'give every run a name of its own (ORDER_RUN_ID)';
/** A longer value, such as a digest or a long list, helps nobody in a sentence. */
const MAX_SHOWN = 60;

function differenceOf(run: string, name: string, own: string, known: string): string {
  const isShort = own.length + known.length <= MAX_SHOWN;
  const values = isShort ? `: ${known || 'nothing'} there, ${own || 'nothing'} here` : '';
  return `${name} differs from that of the first machine of the run "${run}"${values}`;
}

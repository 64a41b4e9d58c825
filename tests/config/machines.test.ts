import { describe, expect, it } from 'vitest';
import { errorOf, resolve } from './resolve.ts';

const MEET = 'rediss://user:hunter2@redis.example:6379/1';
const RUN = { ORDER_RUN_ID: 'nightly-4711' };

describe('several machines', () => {
  it('bring their contenders together, and meet where the suite or the variables say', () => {
    const { machines, plan, contenders, published } = resolve({ inventories: ['A'], machines: 3, meet: MEET }, RUN);
    expect(machines).toEqual({
      count: 3,
      isUnknown: false,
      meeting: { url: MEET, run: 'nightly-4711', joinMs: 60_000 },
    });
    expect(plan).toMatchObject({ machines: 3, contenders: 300 });
    expect(contenders.arrivals).toBe(100);
    expect(JSON.stringify(published)).not.toMatch(/hunter2|user/);
    const byVariables = resolve(
      { inventories: ['A'], orderVariables: false, machines: 2, joinMs: 5 },
      {
        ORDER_MACHINES: '4',
        ORDER_MEET: MEET,
        ORDER_JOIN_MS: '900',
        ARTILLERY_TEST_RUN_ID: 't_same',
      },
    );
    expect(byVariables.machines).toMatchObject({ count: 4, meeting: { run: 't_same', joinMs: 900 } });
  });

  it('share the contenders that the suite writes', () => {
    const { plan } = resolve({ inventories: ['A'], contenders: 50, machines: 2, meet: MEET }, RUN);
    expect(plan.contenders).toBe(50);
  });

  it('are one where nothing is said, and an unknown number on a machine of Artillery', () => {
    expect(resolve().machines).toEqual({ count: 1, isUnknown: false });
    expect(resolve(undefined, { WORKER_ID: 'w1' }).plan).toMatchObject({ machinesUnknown: true });
    const one = resolve({ inventories: ['A'], machines: 1 }, { WORKER_ID: 'w1' });
    expect(one.machines).toEqual({ count: 1, isUnknown: false });
    expect(one.plan).not.toHaveProperty('machines');
    expect(one.plan).not.toHaveProperty('machinesUnknown');
  });

  it('need a plan: without one, each would number the rounds in an order of its own', () => {
    const { message } = errorOf(() => resolve({ machines: 2, meet: MEET }, RUN));
    expect(message).toContain(
      'config.plugins.race.inventories: missing; several machines must know what they race for',
    );
    expect(resolve({ machines: 1 }, RUN).plan.inventories).toEqual([]);
  });

  it.each([
    [{ machines: 2 }, RUN, 'config.plugins.race.meet: missing; name the Redis'],
    [{ machines: 2, meet: 'undefined' }, RUN, 'config.plugins.race.meet: missing'],
    [{ machines: 2, meet: 'http://user:hunter2@x' }, RUN, 'config.plugins.race.meet: must be redis:// or rediss://'],
    [{ machines: 2, meet: MEET }, {}, 'ORDER_RUN_ID: missing; several machines need a name for their run'],
    [{ machines: 2, meet: MEET }, { ORDER_RUN_ID: 'a b' }, 'ORDER_RUN_ID: may have letters'],
    [{ machines: 0 }, {}, 'config.plugins.race.machines: must be at least 1'],
    [{}, { ORDER_MACHINES: 'three' }, 'ORDER_MACHINES: must be a whole number from 1 to 1000 (received "three")'],
    [{ machines: 2, meet: MEET }, { ...RUN, ORDER_JOIN_MS: 'soon' }, 'ORDER_JOIN_MS: must be a whole number'],
  ])('are refused: %j, %j', (race, env, message) => {
    const error = errorOf(() => resolve({ inventories: ['A'], ...race }, env));
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('hunter2');
  });
});

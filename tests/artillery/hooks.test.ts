import { describe, expect, it, vi } from 'vitest';
import { RACE_STOPPED } from '../../model/index.ts';
import type { Callback, FlowStep, RequestParams, VuContext } from '../../plugin/src/artillery/shared/artillery.ts';
import { hasRacedSteps } from '../../plugin/src/artillery/shared/raced-steps.ts';
import type { Broken, Contender, EngineSide } from '../../plugin/src/artillery/worker/contender.ts';
import { EngineAgents } from '../../plugin/src/artillery/worker/engine-agents.ts';
import { createHooks } from '../../plugin/src/artillery/worker/hooks.ts';
import { inventoryVariable } from '../../plugin/src/artillery/worker/inventory-variable.ts';
import type { RunSettings } from '../../plugin/src/config/index.ts';
import type { Agents } from '../../plugin/src/gate/index.ts';
import { plan } from '../support/histories.ts';

const gate = { httpAgent: 'gate', httpsAgent: 'secure gate' } as unknown as Agents;
const outcome = {
  redirects: 'judge',
  operations: { hold: { redirects: 'follow' } },
} as unknown as RunSettings['outcome'];
const metrics = { emit: vi.fn() };
const broken = (why: Broken['why']): Partial<Contender> => ({ broken: { line: { inventory: 'A1', intent: {} }, why } });
type Hook = (...values: unknown[]) => void;

/** One virtual user of a worker, whose hooks the test calls. */
function virtualUser(contender: Partial<Contender> = {}, isOver = () => false) {
  const problem = vi.fn();
  const learnt: unknown[] = [];
  const warn = vi.fn();
  const jar = {
    setCookie: vi.fn(async (cookie: string) => {
      if (cookie.includes('Domain=other')) throw new Error('not in this domain');
    }),
    getCookieStringSync: () => 'sid=1',
  };
  const fake = {
    enter: vi.fn((..._: unknown[]) => gate),
    leave: vi.fn(),
    isRacing: false,
    isEntering: false,
    isThrough: false,
    stoppedBecause: undefined as string | undefined,
    isStopped: false,
    hasRaced: false,
    inventories: ['A1', 'row'],
    ...contender,
  };
  const seats = plan({
    contenders: 4,
    inventories: [
      { key: 'A1', capacity: 1 },
      { key: 'row', capacity: 1, parts: ['r1', 'r2'] },
    ],
    rule: { name: 'hold-confirm', leaseMs: 1000, toleranceMs: 20, busy: [423] },
  });
  const hooks = createHooks({
    settings: {
      keys: [],
      readBack: undefined,
      plan: seats,
      orderVariables: false,
      target: 'http://shop.test/api',
      outcome,
    },
    warn,
    inventoryOf: inventoryVariable({ plan: seats, keys: [] }).of,
    engineAgents: new EngineAgents(),
    now: () => 1000,
    isContender: hasRacedSteps,
    problem,
    isOver,
    entriesFor: () => ({}),
    learn: (vars) => void learnt.push(vars),
    newContender: () => ({ vu: 3, contender: fake as unknown as Contender }),
  });
  const context = {
    vars: {},
    funcs: { $template: (value: unknown) => value },
    _httpAgent: 'own',
    _httpsAgent: 'secure own',
    _jar: jar,
    scenario: { flow: [{ post: { race: 'A1' } }] },
  } as VuContext;
  const call = (hook: unknown, ...values: unknown[]) => {
    let error: Error | null | undefined;
    const done: Callback = (problem) => {
      error = problem;
    };
    (hook as Hook)(...values, context, metrics, done);
    return error;
  };
  call(hooks.begin.raceJoin);
  return { hooks, context, contender: fake, problem, warn, learnt, call };
}

describe('the hooks of a virtual user', () => {
  it('give it a number, and the inventories with their parts', () => {
    expect(virtualUser().context.vars).toEqual({
      $vu: 3,
      $vus: 4,
      $orderVariables: false,
      $inventories: ['A1', 'row'],
      $parts: { A1: ['A1'], row: ['r1', 'r2'] },
    });
  });

  it('emit zeros once in a worker', () => {
    metrics.emit.mockClear();
    const { hooks, call } = virtualUser();
    call(hooks.begin.raceJoin);
    expect(metrics.emit.mock.calls.filter(([, name]) => name.endsWith('successful_bookings'))).toEqual([
      ['counter', 'race.successful_bookings', 0],
    ]);
  });

  it('send a raced request through the gate, without a timeout of the engine, and the next one past it', () => {
    const { hooks, context, learnt, call } = virtualUser();
    const raced: RequestParams = { race: 'A1', headers: { accept: '*/*' }, timeout: 10, http2: true };
    expect(call(hooks.beforeRaced.raceHold, raced)).toBeUndefined();
    // Nothing is added that a target could see, and the client's own HTTP/2 does not go past the gate.
    expect(raced).toMatchObject({ headers: { accept: '*/*' }, timeout: 86_400, http2: false });
    expect(context).toMatchObject({ _httpAgent: 'gate', _httpsAgent: 'secure gate' });
    expect(learnt).toEqual([context.vars]);
    call(hooks.beforeRequest.racePass, {});
    expect(context).toMatchObject({ _httpAgent: 'own', _httpsAgent: 'secure own' });
  });

  it('drop a cookie that the jar refuses, and say so', async () => {
    const { context, warn } = virtualUser();
    await expect(context._jar.setCookie('a=b', 'http://shop.test/')).resolves.toBeUndefined();
    expect(warn).not.toHaveBeenCalled();
    await expect(context._jar.setCookie('a=b; Domain=other', 'http://shop.test/')).resolves.toBeUndefined();
    expect(warn.mock.calls).toEqual([[expect.stringContaining('cookie')]]);
  });

  it('hand the cookies to the gate only where the page after a redirect is judged', () => {
    for (const [operation, follows] of [
      ['book', false],
      ['hold', true],
    ] as const) {
      const { hooks, context, contender, call } = virtualUser();
      call(hooks.beforeRaced.raceHold, { race: { inventory: 'A1', operation } });
      const [, , engine] = vi.mocked(contender.enter).mock.calls[0] as unknown as [unknown, unknown, EngineSide];
      expect(engine.cookies?.header('http://shop.test/')).toBe(follows ? 'sid=1' : undefined);
      engine.cookies?.store('sid=2', 'http://shop.test/');
      expect(context._enableCookieJar ?? false).toBe(follows);
    }
  });

  it('leave the agents alone beside a raced request that has not left yet', () => {
    const { hooks, context, call } = virtualUser({ isEntering: true });
    context._httpAgent = 'gate';
    call(hooks.beforeRequest.racePass, {});
    expect(context._httpAgent).toBe('gate');
  });

  it.each<[string, RequestParams, Partial<Contender>, string]>([
    ['names no inventory', { race: '' }, {}, 'race: "" names no inventory'],
    [
      'does what the rule of the run does not know',
      { race: { inventory: 'A1', operation: 'pay' } },
      {},
      'race.operation: the rule hold-confirm knows book, hold, confirm, cancel (received "pay")',
    ],
    [
      'races beside another one of the same user',
      { race: 'A1' },
      { isRacing: true },
      'race: a virtual user can go for',
    ],
  ])('stop a request that %s, with a sentence', (_what, request, state, message) => {
    const { hooks, contender, problem, call } = virtualUser(state);
    expect(call(hooks.beforeRaced.raceHold, request)?.message).toContain(message);
    expect(problem).not.toHaveBeenCalled();
    expect(contender.enter).not.toHaveBeenCalled();
  });

  it('let a request pass that does not race after all', () => {
    const { hooks, contender, call } = virtualUser();
    expect(call(hooks.beforeRaced.raceHold, { race: false })).toBeUndefined();
    expect(contender.enter).not.toHaveBeenCalled();
  });

  it.each<[string, RequestParams, Partial<Contender>, string, boolean]>([
    [
      'of a raced request that took too long, by the name that got gives it',
      { race: 'A1' },
      broken('timeout'),
      'TimeoutError',
      true,
    ],
    ['of a raced request that broke', { race: 'A1' }, broken('connection'), 'RequestError', true],
    ['of another request', {}, broken('timeout'), 'RequestError', true],
    [
      'of a raced request that was not sent: the hooks of the suite hear nothing',
      { race: 'A1' },
      broken('not sent'),
      'RequestError',
      false,
    ],
  ])('hear of the error %s', (_what, request, state, name, goesOn) => {
    const { hooks, call } = virtualUser(state);
    const error = Object.assign(new Error('x'), { name: 'RequestError' });
    expect(call(hooks.onError.raceBroke, error, request) === undefined).toBe(goesOn);
    expect(error.name).toBe(name);
  });

  it('let nobody race any more once the race is stopped, and say so', () => {
    const { hooks, context, contender, problem, call } = virtualUser({ isStopped: true, stoppedBecause: RACE_STOPPED });
    expect(call(hooks.beforeRaced.raceHold, { race: 'A1' })?.message).toBe(RACE_STOPPED);
    hooks.around.ended(context, new Error(RACE_STOPPED));
    expect(problem.mock.calls).toEqual([[{ reason: RACE_STOPPED }]]);
    expect(contender.enter).not.toHaveBeenCalled();
    expect(contender.leave).toHaveBeenCalled();
  });
});

describe('a virtual user that ends early', () => {
  const login = {
    method: 'POST',
    url: 'http://shop.test/api/login?key=abc',
    headers: { authorization: 'Bearer secret-1234' },
    json: { password: 'hunter2222' },
  };

  /** Runs a step of the flow that ends in an error, and then ends the virtual user. */
  const fail = ({ hooks, context, call }: ReturnType<typeof virtualUser>, spec: object, error: Error) => {
    call(hooks.beforeRequest.racePass, login);
    const step = hooks.around.step({ spec: spec as FlowStep, run: (_, over) => over(error), metrics });
    step(context, (told) => hooks.around.ended(context, told ?? undefined));
  };

  it.each<[string, object, string, object]>([
    [
      'a request that failed on the wire, with its step',
      { post: login },
      "Timeout awaiting 'response'\nat x",
      { reason: "Timeout awaiting 'response'", step: 'POST /login' },
    ],
    ['a function, in its first line', { function: 'signIn' }, ' no more\nat x', { reason: 'no more', step: 'signIn' }],
  ])('is counted with its reason: %s', (_what, spec, error, expected) => {
    const user = virtualUser();
    fail(user, spec, new Error(error));
    expect(user.problem.mock.calls).toEqual([[{ ...expected, vu: 3, ended: 'before the race' }]]);
    expect(user.contender.leave).toHaveBeenCalled();
  });

  it('is shown with the answer that ended it: status and beginning of the body', () => {
    const user = virtualUser({ hasRaced: true });
    user.call(user.hooks.beforeRequest.racePass, login);
    const response = { statusCode: 401, body: `{"error":\n  "not hunter2222"} ${'x'.repeat(500)}` };
    user.call(user.hooks.afterResponse.raceAnswered, login, response);
    const step = user.hooks.around.step({
      spec: { post: login },
      run: (_, over) => over(new Error('Failed capture or match')),
      metrics,
    });
    step(user.context, (told) => user.hooks.around.ended(user.context, told ?? undefined));
    expect(user.problem.mock.calls).toEqual([
      [
        {
          reason: 'Failed capture or match',
          step: 'POST /login',
          answer: expect.stringMatching(/^401 {"error": "not hunter2222"} x{500}$/),
          ended: 'during the race',
          vu: 3,
        },
      ],
    ]);
  });

  it('is not given up by the others where too few are left: whoever waits must not be let go alone', () => {
    const user = virtualUser({}, () => true);
    fail(user, { post: login }, new Error('x'));
    expect(user.contender.leave).not.toHaveBeenCalled();
  });

  it('is counted where it never raced', () => {
    const { hooks, context, problem, contender } = virtualUser();
    expect(hooks.around.ended(context, undefined)).toBeUndefined();
    expect(problem.mock.calls).toEqual([[{ reason: 'ended without a raced request', vu: 3 }]]);
    expect(contender.leave).toHaveBeenCalled();
  });

  it('is none where it was through with the race', () => {
    const { hooks, context, problem } = virtualUser({ isThrough: true, hasRaced: true });
    const error = new Error('ECONNRESET');
    expect(hooks.around.ended(context, error)).toBe(error);
    expect(problem).not.toHaveBeenCalled();
  });
});

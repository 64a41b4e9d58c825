import { describe, expect, it, vi } from 'vitest';
import { RACE_STOPPED } from '../../model/index.ts';
import type { Callback, RequestParams, VuContext } from '../../plugin/src/artillery/shared/artillery.ts';
import { hasRacedSteps } from '../../plugin/src/artillery/shared/raced-steps.ts';
import type { Contender } from '../../plugin/src/artillery/worker/contender.ts';
import { createHooks } from '../../plugin/src/artillery/worker/hooks.ts';
import { type Gate, TICKET_HEADER } from '../../plugin/src/gate/index.ts';
import { plan } from '../support/histories.ts';

const gate = { httpAgent: 'gate', httpsAgent: 'secure gate' } as unknown as Gate;
let failed: (error: unknown) => void = () => {};
const metrics = {
  emit: vi.fn(),
  on(_event: string, listener: typeof failed) {
    failed = listener;
  },
};
type Hook = (...values: unknown[]) => void;

/** One virtual user of a worker, whose hooks the test calls. */
function virtualUser(contender: Partial<Contender> = {}) {
  const problem = vi.fn();
  const fake = {
    enter: vi.fn(() => 'ticket'),
    leave: vi.fn(),
    isRacing: false,
    isEntering: false,
    isThrough: false,
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
  });
  const hooks = createHooks({
    settings: { plan: seats, orderVariables: false, target: 'http://shop.test/api' },
    gate,
    isContender: hasRacedSteps,
    problem,
    newContender: () => ({ vu: 3, contender: fake as unknown as Contender }),
  });
  const context = {
    vars: {},
    funcs: { $template: (value: unknown) => value },
    _httpAgent: 'own',
    _httpsAgent: 'secure own',
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
  return { hooks, context, contender: fake, problem, call };
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

  it('send a raced request through the gate with a ticket, without a timeout of the engine, and the next one past it', () => {
    const { hooks, context, call } = virtualUser();
    const raced: RequestParams = { race: 'A1', headers: { accept: '*/*' }, timeout: 10 };
    expect(call(hooks.beforeRaced.raceHold, raced)).toBeUndefined();
    expect(raced).toMatchObject({ headers: { accept: '*/*', [TICKET_HEADER]: 'ticket' }, timeout: 86_400 });
    expect(context).toMatchObject({ _httpAgent: 'gate', _httpsAgent: 'secure gate' });
    call(hooks.beforeRequest.racePass, {});
    expect(context).toMatchObject({ _httpAgent: 'own', _httpsAgent: 'secure own' });
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
      'races beside another one of the same user',
      { race: 'A1' },
      { isRacing: true },
      'race: a virtual user can go for',
    ],
  ])('stop a request that %s, and write that into the history', (_what, request, state, message) => {
    const { hooks, contender, problem, call } = virtualUser(state);
    expect(call(hooks.beforeRaced.raceHold, request)?.message).toContain(message);
    expect(problem).toHaveBeenCalledExactlyOnceWith({ reason: expect.stringContaining(message), vu: 3 });
    expect(contender.leave).toHaveBeenCalled();
    expect(contender.enter).not.toHaveBeenCalled();
  });

  it('let a request pass that does not race after all', () => {
    const { hooks, contender, call } = virtualUser();
    expect(call(hooks.beforeRaced.raceHold, { race: false })).toBeUndefined();
    expect(contender.enter).not.toHaveBeenCalled();
  });

  it('say that it leaves, at its end and after an error', () => {
    const { hooks, contender, call } = virtualUser();
    call(hooks.end.raceLeave);
    call(hooks.onError.raceLost, new Error('reset'), {});
    expect(contender.leave).toHaveBeenCalled();
  });

  it('let nobody race any more once the race is stopped, and say so', () => {
    const { hooks, contender, problem, call } = virtualUser({ isStopped: true });
    expect(call(hooks.beforeRaced.raceHold, { race: 'A1' })?.message).toBe(RACE_STOPPED);
    failed(RACE_STOPPED);
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

  it.each<[string, (user: ReturnType<typeof virtualUser>) => void, object]>([
    [
      'a request that failed on the wire, with its step',
      ({ hooks, call }) => void call(hooks.onError.raceLost, new Error("Timeout awaiting 'response'\nat x"), login),
      { reason: "Timeout awaiting 'response'", step: 'POST /login' },
    ],
    [
      'what it should have captured, with its step',
      () => failed('Failed capture or match'),
      { reason: 'Failed capture or match', step: 'POST /login' },
    ],
    ['a function, without secrets', () => failed('no: hunter2222, secret-1234'), { reason: 'no: ***, ***' }],
    ['a function, in few words', () => failed('x'.repeat(1000)), { reason: 'x'.repeat(300) }],
    [
      'nothing at all',
      ({ hooks, call }) => void call(hooks.end.raceLeave),
      { reason: 'ended without a raced request' },
    ],
  ])('is counted with its reason: %s', (_what, end, expected) => {
    const user = virtualUser();
    user.call(user.hooks.beforeRequest.racePass, login);
    end(user);
    // Artillery says it once more, and a virtual user ends once.
    failed('once more');
    expect(user.problem.mock.calls).toEqual([[{ ...expected, vu: 3 }]]);
    expect(user.contender.leave).toHaveBeenCalled();
  });

  it.each<[string, Partial<Contender>, string]>([
    ['was through with the race', { isThrough: true, hasRaced: true }, 'ECONNRESET'],
    ['goes on', {}, 'Undefined function "x"'],
    ['goes on without a cookie', {}, 'cookie_parse_error_invalid_cookie'],
  ])('is none where it %s', (_what, state, error) => {
    const { problem } = virtualUser(state);
    failed(error);
    expect(problem).not.toHaveBeenCalled();
  });
});

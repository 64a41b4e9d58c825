import { describe, expect, it, vi } from 'vitest';
import type { Callback, RequestParams, VuContext } from '../../plugin/src/artillery/shared/artillery.ts';
import type { Contender } from '../../plugin/src/artillery/worker/contender.ts';
import { createHooks } from '../../plugin/src/artillery/worker/hooks.ts';
import { type Gate, TICKET_HEADER } from '../../plugin/src/gate/index.ts';
import { plan } from '../support/histories.ts';

const gate = { httpAgent: 'gate', httpsAgent: 'secure gate' } as unknown as Gate;
const metrics = { emit: vi.fn() };
type Hook = (...values: unknown[]) => void;

/** One virtual user of a worker, whose hooks the test calls. */
function virtualUser(contender: Partial<Contender> = {}) {
  const problem = vi.fn();
  const fake = { enter: vi.fn(() => 'ticket'), leave: vi.fn(), isRacing: false, isEntering: false, ...contender };
  const seats = plan({
    contenders: 4,
    inventories: [
      { key: 'A1', capacity: 1 },
      { key: 'row', capacity: 1, parts: ['r1', 'r2'] },
    ],
  });
  const hooks = createHooks({
    plan: seats,
    gate,
    problem,
    newContender: () => ({ vu: 3, contender: fake as unknown as Contender }),
  });
  const context = {
    vars: {},
    funcs: { $template: (value: unknown) => value },
    _httpAgent: 'own',
    _httpsAgent: 'secure own',
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
      $inventories: ['A1', 'row'],
      $parts: { A1: ['A1'], row: ['r1', 'r2'] },
    });
  });

  it('emit zeros once in a worker', () => {
    metrics.emit.mockClear();
    const { hooks, call } = virtualUser();
    call(hooks.begin.raceJoin);
    expect(metrics.emit.mock.calls.filter(([, name]) => name === 'successful_bookings')).toEqual([
      ['counter', 'successful_bookings', 0],
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
    expect(problem).toHaveBeenCalledExactlyOnceWith(expect.stringContaining(message));
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
    expect(contender.leave).toHaveBeenCalledTimes(2);
  });
});

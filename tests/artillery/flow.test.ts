import { describe, expect, it, vi } from 'vitest';
import type { FlowStep, VuContext } from '../../plugin/src/artillery/shared/artillery.ts';
import { aroundSteps } from '../../plugin/src/artillery/worker/around-steps.ts';
import type { Broken, Contender } from '../../plugin/src/artillery/worker/contender.ts';
import type { CompiledStep, Step } from '../../plugin/src/artillery/worker/engine.ts';
import { Flow } from '../../plugin/src/artillery/worker/flow.ts';

/** How a raced request ends: `broken` and `not sent` are about the request, `thrown` is an error of something else. */
type End = 'answered' | 'broken' | 'not sent' | 'thrown';

const raced = (inventory: string, operation?: string) => ({
  post: { url: '/', race: operation === undefined ? inventory : { inventory, operation } },
});
const step = (name: string) => ({ function: name });

/**
 * Walks one virtual user through a flow, as Artillery's engine does.
 *
 * @param ends how each raced request ends, in their order; then all are answered
 * @returns what it did, in order
 */
function walk(flow: readonly object[], ends: readonly End[]) {
  const did: string[] = [];
  const left = [...ends];
  let broken: Broken | undefined;
  const walker = {
    vu: 1,
    flow: new Flow(),
    contender: {
      get broken() {
        return broken;
      },
    } as Contender,
  };
  const around = aroundSteps(() => walker);
  const metrics = { emit: vi.fn() };
  let error: Error | null | undefined;

  const compile = (spec: FlowStep, firstOf?: object): Step => {
    const loop = Array.isArray(spec.loop) ? {} : undefined;
    const steps = [spec.loop ?? spec.parallel ?? []].flat() as FlowStep[];
    const inner = steps.map((one, index) => compile(one, loop && index === 0 ? loop : undefined));
    const run: Step = (context, over) => {
      const request = spec.post as { readonly race: string | { inventory: string; operation: string } } | undefined;
      if (request !== undefined) {
        const line = typeof request.race === 'string' ? { inventory: request.race, operation: 'book' } : request.race;
        walker.flow.races({ inventory: 'A1', intent: {} });
        did.push(`${line.operation} ${line.inventory}`);
        const end = left.shift() ?? 'answered';
        if (end === 'answered') return over(null, context);
        if (end !== 'thrown') {
          const { inventory, operation } = line;
          broken = {
            line: { inventory, intent: { operation: operation as 'book' } },
            why: end === 'broken' ? 'connection' : end,
          };
        }
        return over(Object.assign(new Error('lost'), { code: 'ECONNRESET' }), context);
      }
      if (typeof spec.function === 'string') did.push(spec.function);
      for (let turn = 0; turn < Number(spec.count ?? 1); turn++) runAll(inner, context);
      over(error, context);
    };
    const compiled: CompiledStep = { spec, run, metrics, ...(loop && { loop }), ...(firstOf && { firstOf }) };
    return around(compiled);
  };
  const runAll = (steps: readonly Step[], context: VuContext) => {
    for (const one of steps) {
      if (error) return;
      one(context, (problem) => {
        error = problem;
      });
    }
  };
  const context = { vars: {}, funcs: { $template: (value: unknown) => value } } as unknown as VuContext;
  runAll(
    flow.map((spec) => compile(spec as FlowStep)),
    context,
  );
  return { did, error, told: metrics.emit.mock.calls, failure: walker.flow.failure };
}

describe('after a raced request that broke, a virtual user', () => {
  it('skips the rest of its turn, and makes the next turns whole', () => {
    const flow = [{ loop: [step('fill'), raced('A'), step('pay')], count: 3 }, step('leave')];
    const { did, error, told, failure } = walk(flow, ['broken']);
    expect(did).toEqual(['fill', 'book A', 'fill', 'book A', 'pay', 'fill', 'book A', 'pay', 'leave']);
    expect(error).toBeFalsy();
    expect(told).toEqual([['error', 'ECONNRESET']]);
    expect(failure).toMatchObject({ code: 'ECONNRESET' });
  });

  it('ends its flow where no round is left, and skips what comes after the loop', () => {
    const flow = [{ loop: [raced('A'), step('pay')], count: 2 }, step('thank')];
    expect(walk(flow, ['answered', 'broken']).did).toEqual(['book A', 'pay', 'book A']);
    expect(walk([raced('A'), step('pay')], ['broken']).did).toEqual(['book A']);
  });

  it('goes on with the next raced request where there is no loop', () => {
    const flow = [raced('A'), step('pay A'), raced('B'), step('pay B')];
    expect(walk(flow, ['broken']).did).toEqual(['book A', 'book B', 'pay B']);
  });

  it.each<[string, readonly object[], readonly string[]]>([
    ['does not confirm what it may not hold', [raced('A', 'hold'), raced('A', 'confirm'), step('pay')], ['hold A']],
    ['may try the same again', [raced('A', 'hold'), raced('A', 'hold'), step('pay')], ['hold A', 'hold A', 'pay']],
    [
      'skips loops and blocks without a raced request, and looks into the others',
      [raced('A'), { loop: [step('poll')], count: 3 }, { parallel: [step('look'), raced('B')] }, step('pay B')],
      ['book A', 'book B', 'pay B'],
    ],
    [
      'begins no round with a loop that it enters later',
      [raced('A', 'hold'), { loop: [step('poll'), raced('A', 'confirm')], count: 2 }, step('pay')],
      ['hold A'],
    ],
    [
      'goes on with the next turn of an inner loop',
      [{ loop: [{ loop: [raced('A'), step('try')], count: 2 }, step('pay')], count: 1 }],
      ['book A', 'book A', 'try', 'pay'],
    ],
  ])('%s', (_what, flow, did) => {
    expect(walk(flow, ['broken']).did).toEqual(did);
  });

  it('is told nothing where the request was not sent, and skips the rest all the same', () => {
    const { did, told, failure } = walk([raced('A'), step('pay')], ['not sent']);
    expect({ did, told, failure }).toEqual({ did: ['book A'], told: [], failure: undefined });
  });

  it('ends as ever where something else failed, even after a break', () => {
    const { did, error } = walk([raced('A'), raced('B'), step('pay')], ['broken', 'thrown']);
    expect(did).toEqual(['book A', 'book B']);
    expect(error).toMatchObject({ message: 'lost' });
  });

  it('meets the others where they prepare or clean up, and still skips what belongs to the round that broke', () => {
    const flow = new Flow();
    const line = (inventory: string) => ({ inventory, intent: {} });
    flow.skipRound(line('A'));
    const meeting = { once: 'clean A', allow: [] };
    expect(flow.skips(meeting)).toBe(false);
    flow.races(meeting);
    expect(flow.isSkipping).toBe(true);
    flow.races(line('B'));
    expect(flow.isSkipping).toBe(false);
  });
});

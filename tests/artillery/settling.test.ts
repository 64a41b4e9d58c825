import { describe, expect, it, vi } from 'vitest';
import type { Conclusion } from '../../model/index.ts';
import type { EndedRequest } from '../../plugin/src/artillery/worker/ended-request.ts';
import { createSettling } from '../../plugin/src/artillery/worker/settling.ts';
import type { Exchange, OutgoingRequest } from '../../plugin/src/gate/index.ts';
import { ok, pending, refused } from '../support/histories.ts';

const request = {} as OutgoingRequest;
const metrics = { emit: vi.fn() };
const line = { settles: 'A', everyMs: 10, withinMs: 50 };
const attempt = (vu = 1, inventory = 'A') => ({ vu, round: 1, line: { inventory, intent: {} } }) as EndedRequest;
const answered = (status: number) =>
  ({ request, reply: { kind: 'complete', status }, timing: { completedAtMs: performance.now() } }) as Exchange;

/** Answers with these statuses in turn, and again with the last: 201 is a success, and 409 a refusal. */
function settling(first: Conclusion, ...statuses: number[]) {
  const passed: EndedRequest[] = [];
  let polls = 0;
  const made = createSettling({
    now: () => performance.now(),
    read: () => first,
    async decisionOf({ reply }) {
      const status = reply.kind === 'complete' ? reply.status : 0;
      if (status === 201) return ok();
      return status === 409 ? refused() : undefined;
    },
    pass: (ended) => void passed.push(ended),
  });
  const send = async () => answered(statuses[Math.min(polls++, statuses.length - 1)] ?? 404);
  return { ...made, passed, polls: () => polls, ask: () => made.settle(1, line, request, send) };
}

describe('an attempt that waits for a decision', () => {
  it.each([
    [201, 'ok'],
    [409, 'fail'],
  ])('is passed on once an answer decides: %i', async (status, outcome) => {
    const { keep, ask, passed, polls } = settling(pending(), 404, 500, status);
    keep(attempt(), metrics);
    expect(passed).toEqual([]);
    expect((await ask()).reply).toMatchObject({ status });
    expect([polls(), passed]).toMatchObject([3, [{ settled: { kind: 'decided', conclusion: { outcome } } }]]);
  });

  it('is asked about at most once in each step, and not for longer than the suite says', async () => {
    const { keep, ask, passed, polls } = settling(pending(), 404);
    keep(attempt(), metrics);
    expect((await ask()).reply).toMatchObject({ status: 404 });
    expect(polls()).toBeLessThanOrEqual(5);
    expect(passed).toMatchObject([{ settled: { kind: 'open' } }]);
  });

  it('is not waited for any longer where an answer hangs', async () => {
    const { keep, settle, passed } = settling(pending());
    keep(attempt(), metrics);
    const asked = settle(1, line, request, () => new Promise(() => {}));
    expect((await asked).reply).toMatchObject({ kind: 'broken', failure: 'timeout' });
    expect(passed).toMatchObject([{ settled: { kind: 'open' } }]);
  });

  it('stays as it is if it was refused outright, and is asked about once', async () => {
    const { keep, ask, passed, polls } = settling(refused(), 201);
    keep(attempt(), metrics);
    await ask();
    expect([polls(), passed.map(({ settled }) => settled)]).toEqual([1, [undefined]]);
  });

  it('is given up when its virtual user goes on, ends, or the race is over', async () => {
    const { keep, giveUp, close, passed, ask, polls } = settling(pending(), 201);
    keep(attempt(1, 'B'), metrics);
    keep(attempt(1, 'B'), metrics);
    keep(attempt(2, 'A'), metrics);
    expect(passed).toHaveLength(1);
    giveUp(1, 'B');
    giveUp(1);
    expect(passed).toHaveLength(2);
    close();
    keep(attempt(3), metrics);
    expect(passed).toHaveLength(4);
    await ask();
    expect([polls(), passed]).toMatchObject([1, { length: 4 }]);
  });
});

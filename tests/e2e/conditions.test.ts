import { describe, expect } from 'vitest';
import { runSuite } from '../support/artillery.ts';
import { it } from '../support/fixtures.ts';
import { httpServer } from '../support/http-server.ts';
import { suiteFor } from '../support/suites.ts';

type Opening = <T extends { close(): unknown }>(opening: T | Promise<T>) => Promise<T>;

/** Answers 200 to everything: a number of invites left below zero says that there was none. */
async function inviteApi(open: Opening, uses: number) {
  const used = new Map<string, number>();
  return open(
    httpServer((_request, response, body) => {
      const { seat } = JSON.parse(body) as { seat: string };
      const count = (used.get(seat) ?? 0) + 1;
      used.set(seat, count);
      response.writeHead(count <= uses ? 200 : 500, { 'content-type': 'application/json', 'x-use': String(count) });
      response.end(`{"invite":{"left":${uses - count}},"uses":[{"id":${12345678901234567890n + BigInt(count)}}]}`);
    }),
  );
}

const race = {
  inventories: ['invite-1', 'invite-2'],
  words: { one: 'invite' },
  outcome: {
    success: [{ status: [200], body: { '$.invite.left': { above: -1 } } }, { text: '/never/' }],
    // Artillery fills templates in only where it doubles a key with dots.
    refusal: [{ header: { 'X-Use': '/^0$/' } }, { body: { '$.invite.left': { below: '{{ $env.LEAST }}' } } }],
    orderId: '$.uses[*].id',
    operations: { book: { granted: { text: '/"id":(\\d+)/' } } },
  },
};

describe.concurrent('an API that says in the body what happened', () => {
  it('passes, in its own words, though it refuses with 500', async ({ open }) => {
    const server = await inviteApi(open, 1);
    const run = await runSuite(suiteFor(server.url, { race, vus: 5 }), { env: { LEAST: '0' } });
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict?.headline).toMatch(/^Each of the 2 invites was booked exactly once\./);
    expect(run.verdict?.totals).toMatchObject({ requests: 10, ok: 2, fail: 8 });
    expect(run.stdout).not.toContain('invite invite-1');
    expect(run.stdout.replaceAll('seat_locked_400', '')).not.toMatch(/\bseats?\b/i);
    const winner = run.history?.attempts.find(({ outcome }) => outcome === 'ok');
    expect(winner).toMatchObject({ orderId: '12345678901234567891', grantedIds: ['12345678901234567891'] });
  });

  it('fails where an invite is used twice', async ({ open }) => {
    const server = await inviteApi(open, 2);
    const run = await runSuite(suiteFor(server.url, { race, vus: 5 }), { env: { LEAST: '0' } });
    expect(run.code, run.stdout + run.stderr).toBe(3);
    expect(run.verdict?.findings.map(({ id, message }) => `${id}: ${message}`)).toContainEqual(
      expect.stringMatching(/^double-booking: invite-1 /),
    );
  });
});

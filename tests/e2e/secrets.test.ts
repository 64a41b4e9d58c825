import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { type FinishedRun, runSuite, writtenBy } from '../support/artillery.ts';
import { it } from '../support/fixtures.ts';
import { type HttpServer, httpServer } from '../support/http-server.ts';
import { eachSeat, SEATS, suiteFor } from '../support/suites.ts';

/** A shop that sells each seat once, and tells everybody the secrets of all: in any text, and in the ids of its orders. */
interface LeakyShop extends HttpServer {
  readonly secrets: Set<string>;
}

const COMMANDS = '\n::stop-commands::zzz ##[stop-commands]zzz ##vso[task.complete]';

async function leakyShop(): Promise<LeakyShop> {
  const secrets = new Set<string>();
  const keep = (secret: string) => {
    secrets.add(secret);
    return secret;
  };
  const fresh = () => keep(randomBytes(12).toString('base64'));
  const orders = new Map<string, string[]>();
  /** As it is, in a URL, twice in a URL, in Base64, and as a part of something in Base64. */
  const everything = () =>
    [...secrets].flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      encodeURIComponent(encodeURIComponent(secret)),
      Buffer.from(secret).toString('base64'),
      Buffer.from(`user:${secret}`).toString('base64url'),
    ]);

  const server = await httpServer((request, response, body) => {
    const say = (status: number, answer: object) => {
      // The reason phrase, too, is the target's.
      response.writeHead(status, `no ${[...secrets][0] ?? ''}`, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    };
    for (const text of [request.headers.authorization, request.headers.cookie]) {
      if (text !== undefined) keep(text.replace(/^(Bearer |sid=)/, ''));
    }
    if (request.url?.startsWith('/login')) {
      response.setHeader('set-cookie', `sid=${randomBytes(12).toString('hex')}; Path=/`);
      return say(200, { access: { token: fresh() }, refresh_token: fresh() });
    }
    if (request.method === 'GET') {
      return say(200, { taken: orders.get(request.url?.split('/')[2] ?? '') ?? [], told: everything() });
    }
    const { seat, pin } = JSON.parse(body) as { seat: string; pin: string };
    keep(pin);
    const sold = orders.get(seat) ?? [];
    if (sold.length > 0) {
      return say(409, { message: `${COMMANDS} ${everything().join(' ')}`, sessions: [...secrets] });
    }
    const [token = ''] = request.headers.authorization?.split(' ').slice(1) ?? [];
    const order = `${seat}:${token}:${[...secrets].at(-1)}`;
    orders.set(seat, [order]);
    say(201, { order_id: order });
  });
  return { ...server, secrets };
}

const suite = (url: string) =>
  suiteFor(url, {
    race: {
      contenders: 6,
      // How close the race is does not matter here.
      limits: { spreadMs: 5000, overlap: 0, p95Ms: 10_000 },
      console: { allFailures: true },
      readBack: { path: '/seats/{seat}', units: '$.taken', orderIds: '$.taken[*]' },
    },
    config: { phases: [{ duration: 1, arrivalRate: 6 }], variables: { apiPassword: 'of-the-suite-77' } },
    flow: [
      {
        post: {
          url: '/login?api_key=qu3ry-k3y',
          json: { password: '{{ apiPassword }}' },
          capture: { json: '$.access.token', as: 'auth' },
        },
      },
      eachSeat({
        post: {
          url: '/book',
          headers: { authorization: 'Bearer {{ auth }}' },
          json: { seat: '{{ $loopElement }}', pin: '73{{ $vu }}946' },
          race: '{{ $loopElement }}',
        },
      }),
    ],
  });

describe('a target that tells everybody the secrets of all', () => {
  it('finds none of them in what is printed and written, nor any command of a CI runner', async ({ open, folder }) => {
    const shop = await open(leakyShop());
    const summary = path.join(folder, 'summary.md');
    fs.writeFileSync(summary, '');
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
    const run = await runSuite(suite(shop.url), { workers: 3, env });
    // Ids in the answers and in the read-back are the same, or bookings would seem to be lost.
    expect(run.verdict, run.stdout + run.stderr).toMatchObject({ verdict: 'pass', stored: SEATS.length });
    expect(idsOf(run)).toEqual(SEATS.map(() => expect.stringMatching(/^A\d:\*\*\*:\*\*\*#[0-9a-f]{64}$/)));
    expect(new Set(idsOf(run)).size).toBe(SEATS.length);

    const printed = run.stdout + run.stderr;
    expect(printed).toMatch(/A1:\*\*\*:\*\*\*#[0-9a-f]{8}\s/);
    const texts = writtenBy(run) + printed + fs.readFileSync(summary, 'utf8');
    const secrets = [...shop.secrets, 'of-the-suite-77', 'qu3ry-k3y'];
    expect(secrets.length).toBeGreaterThan(6 * 4);
    for (const secret of secrets) {
      const encoded = encodeURIComponent(secret);
      for (const form of [secret, encoded, encodeURIComponent(encoded), Buffer.from(secret).toString('base64')]) {
        expect({ form, leaks: texts.includes(form) }).toEqual({ form, leaks: false });
      }
    }
    // The one command is the verdict's own.
    expect(printed.replace(/^::notice title=PASS%3A suite on default::Each [\w ]+\.$/m, '')).not.toMatch(
      /^\s*::|##[\w-]*\[/m,
    );
  });
});

const idsOf = ({ verdict }: FinishedRun) =>
  verdict?.rounds.flatMap(({ winners }) => winners.map(({ orderId }) => orderId ?? '')) ?? [];

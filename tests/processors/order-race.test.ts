import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { startTokenServer, type TokenServer, token } from './token-server.ts';

const { reportProblem } = vi.hoisted(() => ({ reportProblem: vi.fn<(message: string) => void>() }));
vi.mock('artillery-plugin-race', () => ({ reportProblem }));

let server: TokenServer;
let processor: typeof import('../../processors/order-race.mts');

beforeEach(async () => {
  server = await startTokenServer(({ form }, number) =>
    form.password === 'wrong' ? { status: 400, body: { error: 'invalid_grant' } } : token(`t${number}`, 3_600),
  );
  vi.stubEnv('ORDER_TOKEN', undefined);
  // A new module stands for a new worker.
  vi.resetModules();
  reportProblem.mockClear();
  processor = await import('../../processors/order-race.mts');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

/** A virtual user as Artillery makes it: a text that is one `{{ $env.X }}`, which is not set, renders to `undefined`. */
const context = (signIn: unknown, vars: Record<string, unknown> = {}) => ({
  vars: { target: new URL('/orders', server.url).href, $vu: 1, signIn, ...vars },
  funcs: {
    $template: (text: string): unknown => {
      const name = /^\{\{ \$env\.(\w+) \}\}$/.exec(text)?.[1];
      return name === undefined ? text : process.env[name];
    },
  },
});

/** The path of a scenario that has a CSV file of identities beside it. */
function scenarioBeside(identities: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'order-race-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'people.csv'), identities);
  return join(folder, 'order-race.yml');
}

const PASSWORD = { grant: 'password', tokenUrl: '/oauth/token', username: 'ann', password: 'right' };

it('both are async functions: Artillery waits for a callback from any other function', () => {
  expect(processor.signIn.constructor.name).toBe('AsyncFunction');
  expect(processor.authorise.constructor.name).toBe('AsyncFunction');
});

it('signs in on the host of the target, once for all virtual users of the worker', async () => {
  await Promise.all([1, 2, 3].map(($vu) => processor.signIn(context(PASSWORD, { $vu }))));
  const request: { headers?: Record<string, string> } = {};
  await processor.authorise(request, context(PASSWORD));
  expect(request.headers).toEqual({ Authorization: 'Bearer t1' });
  expect(server.requests).toHaveLength(1);
});

it('gives a request new headers, because the engine shares them among virtual users', async () => {
  const shared = Object.freeze({ 'x-shop': 'main' });
  const request = { headers: shared as Record<string, string> };
  await processor.authorise(request, context({ token: 'mine' }));
  expect(request.headers).toEqual({ 'x-shop': 'main', Authorization: 'Bearer mine' });
  expect(shared).toEqual({ 'x-shop': 'main' });
});

it('leaves a request alone if no sign-in is configured', async () => {
  const request: { headers?: Record<string, string> } = {};
  await processor.signIn(context(undefined));
  await processor.authorise(request, context(undefined));
  expect(request).toEqual({});
});

it('takes ORDER_TOKEN over all settings', async () => {
  vi.stubEnv('ORDER_TOKEN', 'from-env');
  const request: { headers?: Record<string, string> } = {};
  await processor.authorise(request, context({ ...PASSWORD, token: 'from-yaml' }));
  expect(request.headers).toEqual({ Authorization: 'Bearer from-env' });
});

it('renders environment variables; a line whose variable is not set counts as left out', async () => {
  vi.stubEnv('SHOP_PASSWORD', 'right');
  vi.stubEnv('SHOP_SCOPE', '');
  await processor.signIn(
    context({
      ...PASSWORD,
      password: '{{ $env.SHOP_PASSWORD }}',
      scope: '{{ $env.SHOP_SCOPE }}',
      token: '{{ $env.SHOP_TOKEN }}',
      clientId: '',
    }),
  );
  expect(server.requests[0]?.form).toEqual({ grant_type: 'password', username: 'ann', password: 'right' });
});

it('finds the identities beside the scenario, one for each virtual user', async () => {
  const vars = { $scenarioFile: scenarioBeside('token\none\ntwo\n') };
  const request: { headers?: Record<string, string> } = {};
  await processor.authorise(request, context({ identities: 'people.csv' }, { ...vars, $vu: 2 }));
  expect(request.headers).toEqual({ Authorization: 'Bearer two' });
});

it('reports a refusal, and stops the virtual user', async () => {
  const refused = processor.signIn(context({ ...PASSWORD, password: 'wrong' }));
  await expect(refused).rejects.toThrow(/^signing in at .* was refused with 400 invalid_grant/);
  expect(reportProblem).toHaveBeenCalledExactlyOnceWith(
    `signing in at ${server.url} was refused with 400 invalid_grant: check the username and password in signIn`,
  );
});

it('reports wrong settings with the same message for every virtual user', async () => {
  for (const $vu of [1, 2]) {
    await expect(processor.signIn(context({ grnt: 'password' }, { $vu }))).rejects.toThrow('did you mean "grant"?');
  }
  expect(reportProblem).toHaveBeenCalledTimes(2);
  expect(new Set(reportProblem.mock.calls.map(([message]) => message)).size).toBe(1);
});

it('says how many identities are needed if the number of virtual users is known', async () => {
  const vars = { $scenarioFile: scenarioBeside('token\none\n'), $vus: 100 };
  const refused = processor.signIn(context({ identities: 'people.csv' }, vars));
  await expect(refused).rejects.toThrow('has too few rows: 1, but 100 are needed');
});

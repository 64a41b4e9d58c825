import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ReferenceApi, startReferenceApi } from '../../cli/reference-api.ts';
import { checkSignIn } from '../../cli/sign-in-check.ts';
import { InputError } from '../../plugin/src/config/index.ts';
import { DEMO_CLIENT, DEMO_SEATS, DEMO_USER } from '../../reference-api/demo.ts';
import { root } from '../support/artillery.ts';

const { signal } = new AbortController();

describe('the sign-in before the race', () => {
  let api: ReferenceApi;
  beforeAll(async () => {
    api = await startReferenceApi({ root, seats: DEMO_SEATS, lock: undefined, signal });
  });
  afterAll(() => api.stop());

  const check = (signIn: unknown, env: Record<string, string> = {}, interruption = signal) =>
    checkSignIn({
      config: { variables: { signIn } },
      scenarioFile: `${root}/x.yml`,
      target: api.url,
      contenders: 2,
      reserved: [],
      env,
      signal: interruption,
    });
  const password = { grant: 'password', tokenUrl: '/oauth/token', ...DEMO_CLIENT, ...DEMO_USER };

  it('passes if the virtual users are let in or do not sign in', async () => {
    await check(password);
    await check(undefined);
  });

  it('takes values from the environment', async () => {
    await check({ ...password, password: '{{ $env.MY_PASSWORD }}' }, { MY_PASSWORD: DEMO_USER.password });
  });

  it('says in one line that it was refused, without the secret', async () => {
    const refused = await check({ ...password, password: 'not-the-password' }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InputError);
    expect(String(refused)).toMatch(/oauth\/token/);
    expect(String(refused)).not.toMatch(/\n|not-the-password/);
  });

  it('ends at once on an interruption', async () => {
    await check({ ...password, tokenUrl: 'http://127.0.0.1:9/never' }, {}, AbortSignal.abort());
  });
});

import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { askOnce } from '../../plugin/src/artillery/launcher/ask-once.ts';
import type { ArtilleryScript } from '../../plugin/src/artillery/shared/artillery.ts';
import { settingsOf } from '../../plugin/src/artillery/shared/settings.ts';
import { InputError } from '../../plugin/src/config/index.ts';
import { temporaryFolder } from '../support/fixtures.ts';

/** Asks about a suite whose read-back is asked by "admin". */
async function askedAsAdmin(signIn: object | undefined): Promise<unknown> {
  const folder = temporaryFolder('suite-');
  fs.writeFileSync(path.join(folder, 'users.csv'), 'username,password\nadmin,s3cret\n');
  const script: ArtilleryScript = {
    config: {
      target: 'http://127.0.0.1:9',
      phases: [{ duration: 1, arrivalCount: 2 }],
      plugins: { race: { inventories: ['A'], readBack: { get: '/seats/{key}', as: 'admin' } } },
      variables: { signIn },
    },
    scenarios: [{ flow: [{ post: { url: '/book', race: 'A' } }] }],
    _scriptPath: path.join(folder, 'suite.yml'),
  };
  const settings = settingsOf(script);
  return askOnce({ script, settings, settingsWith: () => settings, rawHeaders: [] }).catch((error: unknown) => error);
}

describe('a read-back whose asker cannot sign in is bad input, in one line', () => {
  it.each<[string, object | undefined, RegExp]>([
    ['there are no identities', undefined, /^signIn\.identities: is missing; it needs a row for "admin"$/],
    ['nobody answers', { identities: 'users.csv', tokenUrl: '/token' }, /^signing in at .*\/token got no answer/],
  ])('%s', async (_, signIn, problem) => {
    const error = await askedAsAdmin(signIn);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(problem);
    expect((error as Error).message).not.toMatch(/\n|s3cret/);
  });
});

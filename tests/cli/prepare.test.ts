import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parseArguments } from '../../cli/arguments.ts';
import { prepare } from '../../cli/prepare.ts';

async function prepared(race: unknown) {
  const root = await mkdtemp(join(tmpdir(), 'prepare-'));
  const script = {
    config: {
      target: 'http://127.0.0.1:9',
      phases: [{ duration: 1, arrivalCount: 2 }],
      plugins: { race: { inventories: ['A'] } },
      environments: { dev: {} },
    },
    scenarios: [{ flow: [{ post: { url: '/book', race } }] }],
  };
  await mkdir(join(root, 'scenarios'));
  await writeFile(join(root, 'scenarios/zoo.yml'), stringify(script));
  const scenario = { name: 'zoo', folder: root, file: 'scenarios/zoo.yml', isBundled: true, hypothesis: 'it holds.' };
  return prepare(scenario, { args: parseArguments(['--scenario', 'zoo', 'dev']), env: {} });
}

it('a race: line is checked before anything starts', async () => {
  expect((await prepared('A')).settings.plan).toMatchObject({ contenders: 2, inventories: [{ key: 'A' }] });
  await expect(prepared({ inventory: 'A', relase: 'simultaneous' })).rejects.toThrow(
    'scenarios.0.flow.0.post.race.relase: unknown key; did you mean "release"?',
  );
});

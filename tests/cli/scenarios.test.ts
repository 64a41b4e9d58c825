import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadScenario } from '../../cli/load-scenario.ts';
import { forOneScenario } from '../../cli/repeat-command.ts';
import { hypothesisIn } from '../../cli/scenario.ts';
import { chosenScenarios, listScenarios } from '../../cli/scenarios.ts';
import { InputError, resolveRun } from '../../plugin/src/config/index.ts';

const ROOT = join(import.meta.dirname, '../..');
const scenarios = listScenarios(ROOT);

describe('--scenario', () => {
  it('takes the name of a file, or "all" for every scenario, the order race first', () => {
    expect(chosenScenarios(ROOT, 'order-race').map(({ file }) => file)).toEqual(['scenarios/order-race.yml']);
    expect(chosenScenarios(ROOT, 'all')).toEqual(scenarios);
    expect(scenarios[0]?.name).toBe('order-race');
    expect(scenarios.map(({ name }) => name)).not.toContain('environments');
  });

  it.each([
    ['order-rase', 'there is no scenario "order-rase"; did you mean "order-race"? (scenarios/ has order-race, '],
    ['al', 'did you mean "all"?'],
    ['environments', 'there is no scenario "environments"; known: order-race, '],
    ['../package', '../package: there is no such file in '],
    ['', 'there is no scenario ""'],
  ])('refuses an unknown name in one line: %j', (name, problem) => {
    expect(() => chosenScenarios(ROOT, name)).toThrow(InputError);
    expect(() => chosenScenarios(ROOT, name)).toThrow(problem);
    expect(() => chosenScenarios(ROOT, name)).not.toThrow('\n');
  });

  it('names one scenario in the command that repeats one of all', () => {
    expect(forOneScenario(['--scenario', 'all', 'demo'], 'quota')).toEqual(['--scenario', 'quota', 'demo']);
    expect(forOneScenario(['demo', '--scenario=all'], 'quota')).toEqual(['demo', '--scenario=quota']);
    expect(forOneScenario(['--scenario', 'all', 'all'], 'quota')).toEqual(['--scenario', 'quota', 'all']);
  });
});

describe('a hypothesis', () => {
  it('is the first line of a scenario', () => {
    expect(hypothesisIn('# Hypothesis: it holds.\n#\n# More.')).toBe('it holds.');
    expect(hypothesisIn('# It holds.\n# Hypothesis: no.')).toBe('');
    expect(hypothesisIn('')).toBe('');
  });
});

describe.each(scenarios)('scenarios/$name.yml', ({ name, file, hypothesis }) => {
  const text = readFileSync(join(ROOT, file), 'utf8');

  it('says in one line what it claims', () => {
    expect(hypothesis).toMatch(/^[a-z].*\.$/);
  });

  it('is in the table of docs/scenarios.md', () => {
    expect(readFileSync(join(ROOT, 'docs/scenarios.md'), 'utf8')).toContain(`](../scenarios/${name}.yml)`);
  });

  it('runs in one worker of Artillery on any number of processors: its phase lasts one second', () => {
    const { config } = parse(text) as { config: { phases: { duration?: unknown }[] } };
    expect(config.phases.map(({ duration }) => duration)).toEqual(config.phases.map(() => 1));
  });

  it('uses the shared environments, and gives its name to the files', async () => {
    const { config } = parse(text) as { config: { plugins: { race: { environments: string } } } };
    expect(config.plugins.race.environments).toBe('environments.yml');
    const demo = { environment: 'demo', env: {} };
    const { config: loaded } = await loadScenario({ ...demo, file: join(ROOT, file) });
    const settings = resolveRun({ config: loaded, ...demo });
    expect(settings.outputName).toBe(name === 'order-race' ? 'order_race_all_seats' : name.replaceAll('-', '_'));
    expect(settings.plan.inventories.length).toBeGreaterThan(0);
  });
});

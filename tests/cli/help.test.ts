import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { helpText } from '../../cli/help.ts';
import { OPTIONS, VARIABLES } from '../../cli/options.ts';
import { HELP } from '../../plugin/src/commands/arguments.ts';
import { initHelp } from '../../plugin/src/init/arguments.ts';

it('cli/commands-help.txt and cli/init-help.txt are the help of the plugin’s own commands', async () => {
  await expect(HELP).toMatchFileSnapshot('../../cli/commands-help.txt');
  await expect(initHelp()).toMatchFileSnapshot('../../cli/init-help.txt');
});

it('cli/help.txt matches the table of options', async () => {
  await expect(helpText()).toMatchFileSnapshot('../../cli/help.txt');
});

it('the help names every option and every variable of docs/your-api.md', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../docs/your-api.md'), 'utf8');
  const variables = [...readme.matchAll(/\bORDER_(?!RACE_REPOSITORY)[A-Z_]+\b/g)].map(([name]) => name);
  for (const name of Object.keys(OPTIONS)) expect(helpText()).toMatch(new RegExp(`--${name}\\b`));
  for (const name of [...Object.keys(VARIABLES), ...variables])
    expect(helpText()).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
});

it('the help fits a terminal of 80 columns', () => {
  for (const line of helpText().split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
});

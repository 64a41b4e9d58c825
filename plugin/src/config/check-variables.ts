import { ConfigError } from './config-error.ts';
import { type Overrides, overrideOf } from './environment-variables.ts';
import type { RaceBlock } from './race-block.ts';
import type { Script } from './script.ts';

/** @throws ConfigError if a variable that the plugin's block names has no value, or not the right one */
export function checkVariables(
  { race, variables }: RaceBlock,
  { environmentPath }: Script,
  { areWanted }: Overrides,
): void {
  const missing = race.requires.filter((name) => String(variables[name] ?? '').trim() === '');
  const noLists = race.inTurn.filter((name) => !Array.isArray(variables[name]) || variables[name].length === 0);
  if (missing.length + noLists.length === 0) return;
  throw new ConfigError([
    ...missing.map((name) => {
      const override = areWanted ? overrideOf(name) : undefined;
      const fix = `set it under ${environmentPath}.variables${override === undefined ? '' : `, or ${override}`}`;
      return { path: `config.variables.${name}`, problem: 'missing', fix };
    }),
    ...noLists.map((name) => ({
      path: 'config.plugins.race.inTurn',
      problem: `names "${name}", so config.variables.${name} must be a list with at least one entry`,
    })),
  ]);
}

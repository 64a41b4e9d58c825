import { MAX_ROUNDS } from '../../../../../model/repeat-file.ts';
import { ConfigError, type RunSettings } from '../../../config/index.ts';
import type { ArtilleryScript, RequestParams, Scenario } from '../../shared/artillery.ts';
import { goesForSomething, hasRacedSteps, inventoryLoopsIn, isSent, racedStepsOf } from '../../shared/raced-steps.ts';

const PATH = 'config.plugins.race.repeat';

/**
 * Checks that rounds can repeat: every flow goes over all inventories in a loop, and each visit finds something free.
 *
 * @throws ConfigError that says what is missing
 */
export function checkRepeat(script: ArtilleryScript, settings: RunSettings): void {
  const { plan } = settings;
  if (plan.oneAtATime === true && settings.machines.count > 1) {
    const fix = 'run it on one machine: the attempts of several machines cannot go one after the other';
    throw new ConfigError({
      path: 'config.plugins.race.release',
      problem: 'is one-at-a-time on several machines',
      fix,
    });
  }
  if (plan.repeat === undefined) return;
  const problem = problemOf(script, settings);
  if (problem !== undefined) throw new ConfigError({ path: PATH, ...problem });
}

function problemOf(script: ArtilleryScript, settings: RunSettings) {
  const { plan } = settings;
  const raced = (script.scenarios ?? []).filter(hasRacedSteps);
  const loops = raced.map(({ flow }) => inventoryLoopsIn(flow));
  if (plan.anyItem === true) {
    const fix = 'write contenders as a number, or take repeat out';
    return { problem: 'a contender goes for whatever it likes, so no visit can repeat', fix };
  }
  if (raced.some((scenario, index) => loops[index]?.length !== 1 || racesOutside(scenario))) {
    const problem = `the flow ${whatIsWrong(loops)}`;
    return { problem, fix: 'put the raced request into one loop with "over: $inventories", which then begins again' };
  }
  if (loops.flat().some(({ loop }) => loop.some(hasInnerLoop))) {
    const fix = 'take the raced request out of the inner loop';
    return { problem: 'a loop inside the loop over $inventories races', fix };
  }
  if (!isFresh(settings) && !loops.flat().some(({ loop }) => racedStepsOf(loop).some((step) => resets(step, script)))) {
    const problem = 'nothing makes an inventory free again';
    const fix =
      'add a request with race: { once: "{{ $loopElement }}" } to the loop that resets it (bundled scenarios: name variables.resetPath), or let inventories come from a request';
    return { problem, fix };
  }
  const rounds = (plan.repeat?.times ?? 1) * plan.inventories.length;
  if (rounds <= MAX_ROUNDS) return undefined;
  return {
    problem: `comes to ${rounds.toLocaleString('en-US')} rounds`,
    fix: `at most ${MAX_ROUNDS.toLocaleString('en-US')}`,
  };
}

const whatIsWrong = (loops: readonly (readonly unknown[])[]): string =>
  loops.some(({ length }) => length === 0)
    ? 'has no loop over $inventories'
    : loops.some(({ length }) => length > 1)
      ? 'has several loops over $inventories'
      : 'also races outside of the loop over $inventories';

/** Something is raced outside of the loop over all inventories. */
function racesOutside({ flow }: Scenario): boolean {
  const inside = inventoryLoopsIn(flow).flatMap(({ loop }) => racedStepsOf(loop));
  return racedStepsOf(flow).filter(goesForSomething).length > inside.filter(goesForSomething).length;
}

const hasInnerLoop = (step: object): boolean => 'loop' in step && racedStepsOf([step]).some(goesForSomething);

/** A request names what is free before each pass. */
export const isFresh = ({ source }: Pick<RunSettings, 'source'>): boolean => source !== undefined && !('csv' in source);

/** Whether the step makes something free: all meet there, and one sends it. One that depends on a variable needs its value. */
const resets = (step: RequestParams, script: ArtilleryScript): boolean => isOnce(step) && isSent(step, script);

const isOnce = ({ race }: RequestParams): boolean => typeof race === 'object' && race !== null && 'once' in race;

/** Whether the flow resets what it has raced for. */
export const hasReset = (script: ArtilleryScript): boolean =>
  (script.scenarios ?? [])
    .flatMap(({ flow }) => inventoryLoopsIn(flow))
    .some(({ loop }) => racedStepsOf(loop).some((step) => resets(step, script)));

import { METRICS, type MetricName, publishedName } from '../../../model/index.ts';
import { isMapping } from '../../../model/json.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';

/**
 * Refuses checks of `ensure` that name a metric as a bundled scenario does: in a suite of the user's own it has a prefix, and
 * a check on a metric that does not exist fails only after the race.
 *
 * @param config `config` of the script
 * @throws ConfigError with a line for each check, naming the new name
 */
export function checkMetricNames(config: unknown): void {
  const { ensure, plugins } = isMapping(config) ? config : {};
  const problems = [
    ...problemsAt('config.ensure', ensure),
    ...problemsAt('config.plugins.ensure', isMapping(plugins) ? plugins.ensure : undefined),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
}

function problemsAt(path: string, checks: unknown): ConfigProblem[] {
  const { thresholds, conditions } = isMapping(checks) ? checks : {};
  return [
    ...mappingsOf(thresholds).flatMap((entry, index) =>
      Object.keys(entry).flatMap((key) => problemsIn(`${path}.thresholds.${index}`, key)),
    ),
    ...mappingsOf(conditions).flatMap(({ expression }, index) =>
      problemsIn(`${path}.conditions.${index}.expression`, String(expression)),
    ),
  ];
}

const mappingsOf = (list: unknown) => (Array.isArray(list) ? list.map((entry) => (isMapping(entry) ? entry : {})) : []);

function problemsIn(path: string, expression: string): ConfigProblem[] {
  return METRICS.filter((name) => names(expression, name)).map((name) => {
    const prefixed = publishedName(name, false);
    return { path, problem: `the metric ${name} is called ${prefixed} in this suite`, fix: `write ${prefixed}` };
  });
}

/** A longer name, such as `shop.failed_bookings`, is another metric. */
const names = (expression: string, name: MetricName): boolean =>
  new RegExp(`(?<![\\w.])${name}(?!\\w)`).test(expression);

import { expect, it } from 'vitest';
import type { Attempt } from '../../model/index.ts';
import { attemptMetrics } from '../../plugin/src/artillery/worker/metrics.ts';
import { reportOf } from '../../reports/index.ts';
import { metricsOf } from '../../reports/metrics.ts';
import { history, ok, plan, refused, round, serverError } from '../support/histories.ts';

it('an error of the server is no refusal that the suite itself answers with 500', () => {
  const attempts = round(1, 'A', [ok(), refused(500, 'sold out'), refused(500, 'sold out'), serverError()]);
  const counts = new Map<string, number>();
  const metrics = {
    emit: (_kind: string, name: string, value = 1) => void counts.set(name, (counts.get(name) ?? 0) + value),
  };
  for (const attempt of attempts) attemptMetrics(true).attempt(metrics, attempt as Attempt);
  expect(counts.get('server_errors_5xx')).toBe(1);
  const shown = metricsOf(reportOf(history(plan(), attempts), []));
  expect(shown.find(({ name }) => name.endsWith('server_errors_5xx'))?.value).toBe('1');
});

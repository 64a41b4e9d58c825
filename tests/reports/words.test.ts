import { expect, test } from 'vitest';
import { judge } from '../../plugin/src/judging/index.ts';
import { annotationsOf } from '../../reports/annotations.ts';
import { RENDERERS, reportOf } from '../../reports/index.ts';
import { history, ok, plan, refused, round, stored, times } from '../support/histories.ts';
import { summaryText } from './samples.ts';

/** A run in which one thing was sold twice, one never, and one is stored although everybody was refused. */
function report(words: { readonly one: string; readonly many: string }, keys: readonly [string, string, string]) {
  const [first, second, third] = keys;
  const inventories = keys.map((key) => ({ key, capacity: 1 }));
  const attempts = [
    ...round(1, first, [ok(201, 'o-1'), ok(201, 'o-2'), refused(400, 'gone')]),
    ...round(
      2,
      second,
      times(3, () => refused(400, 'gone')),
    ),
    ...round(3, third, [ok(201, 'o-3'), ...times(2, () => refused(409, 'taken'))]),
  ];
  const made = history(plan({ contenders: 3, inventories, words, readBack: true }), attempts, [
    { ...stored(2, ['o-1', 'o-2']), inventory: first },
    { ...stored(1, ['o-9']), inventory: second },
    { ...stored(0, []), inventory: third },
  ]);
  const race = { ...made, run: { ...made.run, label: words.one } };
  return reportOf(race, judge(race));
}

const everything = (of: ReturnType<typeof report>) =>
  [summaryText(of), of.headline, ...annotationsOf(of), ...RENDERERS.map(({ render }) => render(of))].join('\n');

test('every text speaks of what the suite is about, and none of seats', () => {
  const text = everything(report({ one: 'invite', many: 'invites' }, ['A', 'B', 'C']))
    // The names of a metric, of a class in the page, and of the hash of a link.
    .replace(/seat_locked_400|class="[^"]*"|#seat-\d+|id="seat-\d+"|<style>[\s\S]*?<\/style>/g, '');
  expect(text).toContain('invite A');
  expect(text).toContain('3 invites');
  expect(text.match(/.{30}\bseats?\b.{0,30}/gi)).toBeNull();
});

test('a plural is as the suite says, and a key that begins with the word does not repeat it', () => {
  const text = everything(report({ one: 'ox', many: 'oxen' }, ['ox-1', 'ox-2', 'ox-3']));
  expect(text).toContain('3 oxen');
  expect(text).not.toMatch(/\boxs\b|\boxes\b/);
  expect(text).not.toMatch(/ox ox-/);
});

import fc from 'fast-check';
import type { History } from '../../model/index.ts';
import { harmlessJson } from '../../model/json.ts';
import { judgementOf, remarksOf, settled } from '../../plugin/src/judging/index.ts';
import { HistoryError, mergeMachines, parseHistory } from '../../plugin/src/recording/index.ts';
import { makeStyle, RENDERERS, renderScreen, reportOf, verdictFileOf } from '../../reports/index.ts';
import {
  history,
  ok,
  pending,
  plan,
  problem,
  refused,
  round,
  stored,
  textOf,
  unanswered,
} from '../support/histories.ts';
import { wrongDocument } from '../support/wrong-documents.ts';
import { fuzz } from './support/fuzz.ts';
import { expectHarmless, expectTold, HOSTILE } from './support/harmless.ts';
import { mutatedText } from './support/mutated.ts';

const whole: History = {
  ...history(
    plan({
      contenders: 4,
      inventories: [
        { key: 'A', capacity: 1 },
        { key: 'B', capacity: 2 },
      ],
      readBack: true,
    }),
    [
      ...round(1, 'A', [ok(), refused(), unanswered(), pending('o')]),
      ...round(2, 'B', [ok(201, 'o1'), ok(200, 'o2'), refused(409, 'taken'), ok(201, 'o1')]),
    ],
    [stored(2, ['order-1', 'x'])],
  ),
  problems: [problem('a request broke')],
};
const TEXT = textOf(whole);
const LINES = TEXT.trimEnd().split('\n');

/** A history of which one line says something else: its other lines are read with it. */
const oneWrong = fc
  .nat({ max: LINES.length - 1 })
  .chain((index) =>
    wrongDocument(JSON.parse(LINES[index] ?? '')).map((wrong) =>
      LINES.map((line, at) => (at === index ? JSON.stringify(wrong) : line)).join('\n'),
    ),
  );
/** A history in which a value is nested so deeply that functions that call themselves run out of stack. */
const oneDeep = fc
  .tuple(fc.nat(), fc.constantFrom(1, 1_000, 50_000), fc.constantFrom(['[', ']'], ['{"type":', '}']))
  .map(([index, levels, [open = '', close = '']]) => {
    const values = [...TEXT.matchAll(/(?<=":)(?:[\d.]+|"[^"]*")/g)];
    const { index: at = 0, 0: value = '' } = values[index % values.length] ?? {};
    return TEXT.slice(0, at) + open.repeat(levels) + value + close.repeat(levels) + TEXT.slice(at + value.length);
  });
const TOKENS = ['\n', '\r\n', '{"type":', '"', '}', '[', '{"a":', '1e400', '-1', '99999999999999999999', ...HOSTILE];
const text = fc.oneof(
  { weight: 9, arbitrary: mutatedText([TEXT], TOKENS) },
  { weight: 9, arbitrary: oneWrong },
  { weight: 2, arbitrary: oneDeep },
  { weight: 1, arbitrary: fc.shuffledSubarray(LINES).map((all) => all.join('\n')) },
);

const style = makeStyle({ colour: false, unicode: true, columns: 80, wraps: true });

type Rendering = (typeof RENDERERS)[number]['render'];

/** What the commands make of a history. */
function expectReported(recorded: History, render: Rendering): void {
  const judged = settled(recorded);
  const { findings, controls } = judgementOf(judged);
  const report = reportOf(judged, findings, { ...remarksOf(judged), controls });
  expectHarmless(renderScreen(report, style, { files: [], lines: 40 }));
  expectHarmless(render(report));
  expectHarmless(harmlessJson(verdictFileOf(report)));
}

// One of the files for each input: all of them would take three times as long.
const rendering = fc.constantFrom(...RENDERERS.map(({ render }) => render));

fuzz('a history is read, judged and reported, or is a clear error', fc.tuple(text, rendering), ([damaged, render]) => {
  let recorded: History;
  try {
    recorded = parseHistory(damaged);
  } catch (error) {
    return expectTold(error, HistoryError);
  }
  expectReported(mergeMachines([recorded]), render);
});

import { extractor, type ReadableAnswer } from '../../recording/index.ts';

type Capture = Readonly<Record<string, unknown>>;

/** The names that a step captures. */
export const capturedNames = (capture: Capture | undefined): readonly string[] =>
  typeof capture?.as === 'string' ? [capture.as] : [];

/** What a step captures from its answer, as Artillery does it. */
export function capturedIn(answer: ReadableAnswer, capture: Capture): Capture {
  const { json, header, regexp, group, as } = capture;
  if (typeof as !== 'string') return {};
  const [value] =
    typeof json === 'string'
      ? extractor(json)(answer)
      : typeof header === 'string'
        ? answer.header(header)
        : typeof regexp === 'string'
          ? [new RegExp(regexp).exec(answer.text)?.[Number(group ?? 0)]]
          : [];
  return value === undefined ? {} : { [as]: value };
}

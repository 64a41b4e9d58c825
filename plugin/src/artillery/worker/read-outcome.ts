import type { Conclusion } from '../../../../model/index.ts';
import { functionsIn, type RunSettings, suggestion } from '../../config/index.ts';
import {
  type AnswerRules,
  type AttemptToRead,
  type Blotter,
  functionReader,
  outcomeReader,
  type ReadAnswer,
  rulesFor,
  type SentRequest,
  type WireReply,
} from '../../recording/index.ts';
import type { RecordedProblem } from './recorder.ts';

export type { AnswerRead, AnswerToRead, AttemptToRead, ReadAnswer } from '../../recording/index.ts';

type Processor = Readonly<Record<string, unknown>> | string | undefined;

/** Concludes from a reply what became of an attempt; later, where a function of the suite reads the answer. */
export type ReadOutcome = (
  reply: WireReply,
  request: SentRequest,
  attempt: AttemptToRead,
) => Conclusion | Promise<Conclusion>;

/**
 * @param processor what the suite's processor exports
 * @param problem told of a function that went wrong, once
 */
export function readOutcomeBy(
  { outcome, maxBodyBytes, attemptTimeoutMs: limitMs }: RunSettings,
  processor: Processor,
  problem: (problem: RecordedProblem) => void,
  blotter: Blotter,
): ReadOutcome {
  const byConditions = outcomeReader(outcome, maxBodyBytes, blotter);
  const readerBy = (rules: AnswerRules): ReadOutcome => {
    const { function: name } = rules;
    const read = name === undefined ? undefined : functionIn(processor, name);
    if (name === undefined || read === undefined)
      return (reply, request, { operation }) => byConditions(reply, request, operation);
    const failed = (reason: string) => problem({ reason });
    return functionReader(rules, { name, read, maxBodyBytes, limitMs, blotter, problem: failed });
  };
  const special = new Map(
    Object.keys(outcome.operations ?? {}).map((name) => [name, readerBy(rulesFor(outcome, name))]),
  );
  const usual = readerBy(outcome);
  return (reply, request, attempt) => (special.get(attempt.operation ?? 'book') ?? usual)(reply, request, attempt);
}

/**
 * A sentence about a function that the suite names and its processor does not export; undefined if there is none.
 *
 * @param processor what the suite's processor exports
 */
export function missingFunction({ outcome }: RunSettings, processor: Processor): string | undefined {
  const missing = functionsIn(outcome).find(({ name }) => functionIn(processor, name) === undefined);
  if (missing === undefined) return undefined;
  const path = `config.plugins.race.${missing.path}`;
  if (typeof processor !== 'object')
    return `${path}: there is no config.processor; it names the file that exports "${missing.name}"`;
  const names = Object.keys(processor).filter((name) => typeof processor[name] === 'function' && name !== 'default');
  const fix = names.length === 0 ? 'it exports no function' : suggestion(missing.name, names);
  return `${path}: config.processor exports no function "${missing.name}"; ${fix}`;
}

function functionIn(processor: Processor, name: string): ReadAnswer | undefined {
  if (typeof processor !== 'object' || !Object.hasOwn(processor, name)) return undefined;
  const found = processor[name];
  return typeof found === 'function' ? (found as ReadAnswer) : undefined;
}

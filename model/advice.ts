import type { InfoCause } from './history.ts';
import { hasStatus, type StatusSet } from './status.ts';
import { inWords, type Words } from './words.ts';

/** What a run knows that may rule out a cause, or make a fix pointless. */
export interface Facts {
  /** `off`: nobody asked the server. `unread`: it was asked, and not one answer could be read. */
  readonly readBack: 'off' | 'unread' | 'read';
  /** Before the race, the server said of everything that was raced for that it was free. */
  readonly wasFree: boolean;
  readonly isTls: boolean;
  /** The suite allows only this protocol; absent where it leaves the choice to the target. */
  readonly wire?: 'http1' | 'http2';
  readonly contenders: number;
  readonly requests: number;
  /** Attempts that were granted. */
  readonly successes: number;
  /** Every status that came. */
  readonly statuses: ReadonlySet<number>;
  /** Why attempts stayed unknown. */
  readonly unknown: ReadonlySet<InfoCause>;
  readonly wasInterrupted: boolean;
  /** The attempts were sent one after the other; absent: they were raced. */
  readonly oneAtATime?: true;
  /** What the inventories are called. */
  readonly words: Words;
}

/** A cause or a fix. One that not every run can have says when it is worth showing. */
export type Advice = string | { readonly text: string; readonly when: Condition };

type Condition = (facts: Facts) => boolean;

/** Worth showing if one of these statuses came. */
export const after =
  (...statuses: StatusSet): Condition =>
  (facts) =>
    [...facts.statuses].some((status) => hasStatus(statuses, status));

/** Worth showing if an attempt stayed unknown for one of these reasons. */
export const ifUnknown =
  (...causes: readonly InfoCause[]): Condition =>
  ({ unknown }) =>
    causes.some((cause) => unknown.has(cause));

/** Worth showing unless the server said before the race that everything is free. */
export const mayBeTaken: Condition = ({ wasFree }) => !wasFree;

/** Worth showing unless the server answered the read-back: a server without a free connection cannot. */
export const mayBeExhausted: Condition = ({ readBack }) => readBack !== 'read';

/** Worth showing if something was raced. */
export const ifRaced: Condition = ({ oneAtATime }) => oneAtATime === undefined;

/** Why something is sold too often although nothing was raced. */
const WITHOUT_RACE: Advice = {
  text: 'No race is needed: each request was sent after the answer to the one before. The check is missing, or it looks at the wrong thing.',
  when: ({ oneAtATime }) => oneAtATime === true,
};

/** The usual causes of a finding that the run has not ruled out, the likeliest first. */
export const causesFor = (
  { causes, isOversold = false }: { readonly causes: readonly Advice[]; readonly isOversold?: boolean },
  facts: Facts,
): string[] => fitting([...(isOversold ? [WITHOUT_RACE] : []), ...causes], facts);

/** The fixes of a finding that make sense for the run. */
export const fixesFor = ({ fixes }: { readonly fixes: readonly Advice[] }, facts: Facts): string[] =>
  fitting(fixes, facts);

const fitting = (advice: readonly Advice[], facts: Facts) =>
  advice
    .flatMap((each) => (typeof each === 'string' ? each : each.when(facts) ? each.text : []))
    .map((text) => inWords(text, facts.words));

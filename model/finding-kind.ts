import type { Advice } from './advice.ts';

/** A `violation` makes the verdict `fail`, a `doubt` makes it `inconclusive`. */
export const SEVERITIES = ['violation', 'doubt'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Everything about one kind of finding that does not depend on the run. The texts are for the people who own the back end. */
export interface FindingKind {
  readonly id: string;
  /** The usual severity; a checker may give a finding another one. */
  readonly severity: Severity;
  readonly title: string;
  /** The question that a run without this finding answers with yes. A JUnit test case has this name. */
  readonly question: string;
  /** It is about the whole run, so every JUnit file has a test case for it, and CI can follow it. */
  readonly isAboutRun?: true;
  /** What the question needs: without a read-back, or under a rule without windows, nothing answers it. */
  readonly needs?: 'read-back' | 'windows';
  /** What usually lies behind it, the likeliest first; `causesFor` leaves out what the run has ruled out. */
  readonly causes: readonly Advice[];
  readonly fixes: readonly Advice[];
  /** Only for a finding that is not about who got what: the words for it in a headline, and the limit that decides. */
  readonly aside?: { readonly said: string; readonly limit: string };
  /** More was sold than there is. */
  readonly isOversold?: true;
  /** Its messages name the weak rounds, so a report need not name them again. */
  readonly namesWeakRounds?: true;
  /** Under a rule whose successes take turns, the witness is a history that no sequence of events explains. */
  readonly isStory?: true;
}

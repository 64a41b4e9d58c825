/**
 * 1: an ordinary race, every `ok` is a booking. 2: the plan has a rule, and attempts say what they asked for. 3: a status
 * survives a lost body, order ids are whole, and a read-back says what it can prove.
 */
export const HISTORY_VERSIONS = [1, 2, 3] as const;

/** The version that this program writes. */
export const HISTORY_VERSION = 3;

/**
 * Whether a history is from before version 3. It does not say enough for the questions that came with version 3, so it is
 * judged as it was when it was written.
 */
export const isOldHistory = ({
  run,
}: {
  readonly run: { readonly version: (typeof HISTORY_VERSIONS)[number] };
}): boolean => run.version < 3;

/** One of the files in `scenarios/`, or a suite of the user's own. */
export interface Scenario {
  /** The file name without its ending; for a bundled scenario, that is the value of `--scenario`. */
  readonly name: string;
  /** Where Artillery runs, and what a relative output folder is relative to: the repository, or where the user stands. */
  readonly folder: string;
  /** The path, from there. */
  readonly file: string;
  /** Whether it comes with this repository: only then does `demo` start the bundled API. */
  readonly isBundled: boolean;
  /** The claim that the scenario tests, in one sentence. */
  readonly hypothesis: string;
}

/** The claim in the first line of a scenario, or '' if there is none. */
export const hypothesisIn = (text: string): string => /^# Hypothesis: *(.*)/.exec(text)?.[1]?.trim() ?? '';

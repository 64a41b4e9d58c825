/**
 * Does something that may fail without costing the verdict.
 *
 * @returns nothing, or one line that says what could not be written and why
 */
export function warningOf(what: string, write: () => void): readonly string[] {
  try {
    write();
    return [];
  } catch (error) {
    return [`Warning: ${what} could not be written: ${error instanceof Error ? error.message : String(error)}`];
  }
}

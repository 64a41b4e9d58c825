/**
 * A value as JSON, for a message about it, whatever it is. A script in JavaScript, a tag of YAML or a function of a suite can
 * make what JSON cannot write: that is shown as it calls itself.
 */
export function valueText(value: unknown): string {
  try {
    return JSON.stringify(value, (_key, inner) => (isWritable(inner) ? inner : String(inner))) ?? String(value);
  } catch {
    // It contains itself, or fails when it is read.
    return 'a value that JSON cannot write';
  }
}

const UNWRITABLE: readonly string[] = ['bigint', 'function', 'symbol'];

const isWritable = (value: unknown): boolean =>
  typeof value === 'number' ? Number.isFinite(value) : !UNWRITABLE.includes(typeof value);

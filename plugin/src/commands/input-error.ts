/** Something that the user can mend, found before anything was written: printed in one line, exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

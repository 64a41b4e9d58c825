/** Something that the user can mend, found before the race began: printed without a stack, exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

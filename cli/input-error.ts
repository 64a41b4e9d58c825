/** A mistake that the user can correct, found before the race: printed without a stack, exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

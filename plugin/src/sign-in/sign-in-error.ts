import { InputError } from '../config/config-error.ts';

/**
 * Signing in cannot work, or was refused. `message` is one line that says what is wrong, where, and how to fix it. It never
 * holds a token, a password or a client secret. There is no `cause`: the text of a server or a parser may repeat the secret.
 */
export class SignInError extends InputError {
  override readonly name = 'SignInError';
}

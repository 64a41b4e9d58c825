/**
 * Signing in cannot work, or was refused. `message` is one line that says what, where and the mend, and never holds a token,
 * a password or a client secret. There is no `cause`: what a server or a parser says may repeat the secret.
 */
export class SignInError extends Error {
  override readonly name = 'SignInError';
}

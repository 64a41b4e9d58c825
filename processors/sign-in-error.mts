/**
 * Signing in cannot work, or was refused. `message` is one line: what, where, and the mend; never a token, a password
 * or a client secret. There is no `cause`: what a server or a parser says may repeat the secret that it was given.
 */
export class SignInError extends Error {
  override readonly name = 'SignInError';
}

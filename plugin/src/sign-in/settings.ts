import * as z from 'zod';
import { suggestion } from '../config/suggestion.ts';
import { SignInError } from './sign-in-error.ts';

const text = z.string({ error: 'must be a string; put it in quotes' }).min(1, 'must not be empty');

export const signInSchema = z.strictObject({
  token: text
    .optional()
    .describe('A token, which is used in place of all other settings here. ORDER_TOKEN wins over it'),
  grant: z
    .enum(['password', 'client_credentials'], { error: 'must be password or client_credentials' })
    .optional()
    .describe('How to request a token (OAuth 2). With `identities`, the header of the file decides'),
  tokenUrl: z
    .url({ protocol: /^https?$/, error: 'must be a URL such as https://id.example.com/oauth/token' })
    .optional()
    .describe('Where to request a token: a URL, or a path on the host of the target'),
  clientId: text.optional().describe('The id of the client'),
  clientSecret: text.optional().describe('The secret of the client'),
  username: text.optional().describe('The user, for the grant `password`'),
  password: text.optional().describe('The password of that user'),
  scope: text.optional().describe('The scopes to request, separated by spaces'),
  identities: text
    .optional()
    .describe(
      'CSV file, relative to the scenario, with one row for each virtual user. Its header is `username,password`, ' +
        '`client_id,client_secret` or `token`. Without it, all virtual users sign in as the same user',
    ),
});

/** How virtual users sign in. Everything may be left out: an API may need no sign-in. */
export type SignInSettings = z.infer<typeof signInSchema>;

/** Settings that a grant may need. */
export type Field = 'tokenUrl' | 'clientId' | 'clientSecret' | 'username' | 'password';

/**
 * Checks each setting by itself, not yet whether the grant has all it needs.
 *
 * @throws SignInError naming each wrong setting, but no value: it may be a secret
 */
export function parseSettings(input: unknown): SignInSettings {
  const parsed = signInSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new SignInError(parsed.error.issues.flatMap(describe).join('; '));
}

function describe(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(
      (key) => `signIn.${key}: unknown setting; ${suggestion(key, Object.keys(signInSchema.shape))}`,
    );
  }
  if (issue.path.length === 0) return ['signIn: must be a block of settings such as "grant: password"'];
  return [`signIn.${issue.path.join('.')}: ${issue.message}`];
}

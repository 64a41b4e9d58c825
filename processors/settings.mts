import { z } from 'zod';
import { suggestion } from '../plugin/src/config/suggestion.ts';
import { SignInError } from './sign-in-error.mts';

const text = z.string({ error: 'must be a string; put it in quotes' }).min(1, 'must not be empty');

const schema = z.strictObject({
  /** Given beforehand: it is used as it is, whatever else is set. */
  token: text.optional(),
  /** How a token is asked for. */
  grant: z.enum(['password', 'client_credentials'], { error: 'must be password or client_credentials' }).optional(),
  /** Where a token is asked for. */
  tokenUrl: z
    .url({ protocol: /^https?$/, error: 'must be a URL such as https://id.example.com/oauth/token' })
    .optional(),
  clientId: text.optional(),
  clientSecret: text.optional(),
  username: text.optional(),
  password: text.optional(),
  /** Space-separated, as in RFC 6749. */
  scope: text.optional(),
  /** A CSV file with a row for each virtual user. */
  identities: text.optional(),
});

/** How virtual users sign in; all of it optional, for an API may need none of it. */
export type SignInSettings = z.infer<typeof schema>;

/** The settings that some grant or other may lack. */
export type Field = 'tokenUrl' | 'clientId' | 'clientSecret' | 'username' | 'password';

/**
 * Checks the shape of the settings, not yet whether they suffice for their grant.
 *
 * @throws SignInError naming each setting that is wrong, but no value: it may be a secret
 */
export function parseSettings(input: unknown): SignInSettings {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new SignInError(parsed.error.issues.flatMap(describe).join('; '));
}

function describe(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `signIn.${key}: unknown setting; ${suggestion(key, Object.keys(schema.shape))}`);
  }
  if (issue.path.length === 0) return ['signIn: must be a block of settings such as "grant: password"'];
  return [`signIn.${issue.path.join('.')}: ${issue.message}`];
}

import {
  allowInsecureRequests,
  type Client,
  type ClientAuth,
  ClientSecretPost,
  clientCredentialsGrantRequest,
  genericTokenEndpointRequest,
  None,
} from 'oauth4webapi';
import * as z from 'zod';
import { parseJson } from '../../../model/json.ts';
import { publicUrl } from '../config/public-url.ts';
import { SignInError } from './sign-in-error.ts';

/** Everything that a token request needs. */
export interface Grant {
  readonly tokenUrl: URL;
  readonly scope: string | undefined;
  /** Where the credentials are written, for the message of a refusal: `signIn`, `row 3 of users.csv`. */
  readonly source: string;
  readonly credentials: PasswordCredentials | ClientCredentials;
}

interface PasswordCredentials {
  readonly grant: 'password';
  readonly username: string;
  readonly password: string;
  /** Undefined if the server needs no client for this grant. */
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
}

interface ClientCredentials {
  readonly grant: 'client_credentials';
  readonly clientId: string;
  readonly clientSecret: string;
}

/** A token, as the server issued it. */
export interface IssuedToken {
  readonly token: string;
  /** `undefined`: the server did not say. */
  readonly lifetimeMs: number | undefined;
}

// Other fields, such as an ID token, are not checked, because nothing here uses them.
const tokenAnswer = z.object({
  access_token: z.string().min(1),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.coerce.number().nonnegative().optional(),
});

/** Only error codes as in RFC 6749: a sentence may hold a secret. */
const errorAnswer = z.object({ error: z.string().regex(/^[a-z_]{1,40}$/) });

/**
 * Requests a token from the token URL.
 *
 * @throws SignInError after no answer in time, a refusal, or an answer without a bearer token
 */
export async function requestToken(grant: Grant, timeoutMs: number): Promise<IssuedToken> {
  const where = `signing in at ${publicUrl(grant.tokenUrl)}`;
  const { status, body } = await post(grant, timeoutMs).catch((error: unknown) => {
    throw new SignInError(`${where} got no answer: ${transportProblem(error, timeoutMs)}`);
  });
  // RFC 6749 asks for 200, but some frameworks answer every POST with 201.
  if (status !== 200 && status !== 201) {
    const code = errorCode(body, grant);
    const answer = code === undefined ? `${status}` : `${status} ${code}`;
    throw new SignInError(`${where} was refused with ${answer}: ${adviceFor(status, code, grant)}`);
  }
  const answer = tokenAnswer.safeParse(body);
  if (!answer.success) {
    throw new SignInError(
      `${where} was answered ${status}, but without a bearer token: check that signIn.tokenUrl is an OAuth 2 token endpoint`,
    );
  }
  const { access_token: token, expires_in: seconds } = answer.data;
  return { token, lifetimeMs: seconds === undefined ? undefined : seconds * 1_000 };
}

async function post(grant: Grant, timeoutMs: number): Promise<{ status: number; body: unknown }> {
  const { tokenUrl, scope, credentials } = grant;
  const server = { issuer: tokenUrl.origin, token_endpoint: tokenUrl.href };
  const options = {
    [allowInsecureRequests]: tokenUrl.protocol === 'http:',
    signal: AbortSignal.timeout(timeoutMs),
  };
  const parameters: Record<string, string> = scope === undefined ? {} : { scope };
  const { client, authentication } = clientOf(credentials);
  const response =
    credentials.grant === 'password'
      ? await genericTokenEndpointRequest(
          server,
          client,
          authentication,
          'password',
          { ...parameters, username: credentials.username, password: credentials.password },
          options,
        )
      : await clientCredentialsGrantRequest(server, client, authentication, parameters, options);
  return { status: response.status, body: parseJson(await textOf(response)) };
}

/** No answer of a token endpoint is nearly as long. */
const MAX_ANSWER_BYTES = 1 << 20;

/** The text of an answer; empty if it is too long. An answer may have no end, or unpack to a thousand times its size. */
async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    // Leaving the loop ends the connection.
    if (size > MAX_ANSWER_BYTES) return '';
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/**
 * The secret goes into the body. With HTTP Basic it would have to be form-encoded first (RFC 6749, section 2.3.1), and many
 * servers do not decode that.
 */
function clientOf({ clientId, clientSecret }: PasswordCredentials | ClientCredentials): {
  client: Client;
  authentication: ClientAuth;
} {
  if (clientId === undefined) return { client: { client_id: 'anonymous' }, authentication: () => {} };
  return {
    client: { client_id: clientId },
    authentication: clientSecret === undefined ? None() : ClientSecretPost(clientSecret),
  };
}

/** The message of a failed fetch may quote the URL or the headers; its code does not. */
function transportProblem(error: unknown, timeoutMs: number): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return `timed out after ${timeoutMs} ms; is it up, and reachable from here?`;
  }
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'the connection failed';
  return `${code}; is it up, and is signIn.tokenUrl right?`;
}

/** The OAuth error code of the answer; undefined if it holds a secret. */
function errorCode(body: unknown, { credentials }: Grant): string | undefined {
  const parsed = errorAnswer.safeParse(body);
  if (!parsed.success) return undefined;
  const { error } = parsed.data;
  const secrets = [credentials.clientSecret, credentials.grant === 'password' ? credentials.password : undefined];
  return secrets.some((secret) => secret !== undefined && error.includes(secret)) ? undefined : error;
}

function adviceFor(status: number, code: string | undefined, { credentials, source }: Grant): string {
  switch (code) {
    case 'invalid_client':
      return `check the client id and secret in ${source}`;
    case 'invalid_grant':
      return `check the username and password in ${source}`;
    case 'invalid_scope':
      return 'check signIn.scope';
    case 'unauthorized_client':
    case 'unsupported_grant_type':
      return `the server does not allow signIn.grant ${credentials.grant} here; try the other one, or give a token`;
    default:
      if (status >= 500) return 'the token server itself is in trouble; see its log';
      if (status === 401 || status === 403) return `check the credentials in ${source}`;
      if (status === 429) return 'the token server limits the rate; wait, or give one token by ORDER_TOKEN';
      return 'check signIn.tokenUrl, and what the server asks for';
  }
}

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DEMO_CLIENT, DEMO_TOKEN, DEMO_USER } from './demo.ts';

/** Issues tokens and checks them. */
export interface Tokens {
  /** Returns a new token. */
  readonly issue: () => string;
  /** Whether an `Authorization` header carries a token that is known and has not expired. */
  readonly accepts: (authorization: string | undefined) => boolean;
}

/**
 * Each token carries a signed expiry, so all processes with the same secret accept it.
 *
 * @param lifetimeMs how long a token is valid
 * @param now a clock in milliseconds that all processes share
 */
export function createTokens(lifetimeMs: number, now: () => number, secret: string): Tokens {
  const sign = (payload: string) => createHmac('sha256', secret).update(payload).digest();
  return {
    issue: () => {
      const payload = `${now() + lifetimeMs}/${randomBytes(9).toString('base64url')}`;
      return Buffer.from(`${payload}/${sign(payload).toString('hex')}`).toString('base64url');
    },
    accepts: (authorization) => {
      const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
      if (token === undefined) return false;
      if (token === DEMO_TOKEN) return true;
      const parts = /^(?<payload>(?<expiry>[\d.]+)\/.+)\/(?<signature>[\da-f]{64})$/.exec(fromBase64(token))?.groups;
      if (parts === undefined) return false;
      const { payload = '', expiry, signature = '' } = parts;
      return timingSafeEqual(Buffer.from(signature, 'hex'), sign(payload)) && now() < Number(expiry);
    },
  };
}

/** Answers 401 without a valid token. It runs before the body is parsed, so strangers learn nothing about the schema. */
export const needsToken =
  (tokens: Tokens) =>
  async ({ headers }: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (tokens.accepts(headers.authorization)) return;
    await reply.code(401).header('www-authenticate', 'Bearer').send({ message: 'A valid bearer token is needed' });
  };

const fromBase64 = (text: string) => Buffer.from(text, 'base64url').toString();

/** An error of RFC 6749, section 5.2. */
interface OAuthError {
  readonly status: 400 | 401;
  readonly error: string;
  readonly description: string;
}

interface Client {
  readonly id: string;
  readonly secret: string;
}

/** `POST /oauth/token`: the password and the client credentials grant of RFC 6749. */
export function tokenRoutes(tokens: Tokens, lifetimeSeconds: number) {
  return async (app: FastifyInstance): Promise<void> => {
    // OAuth requests must be forms. Everywhere else in this API a body must be JSON.
    app.removeAllContentTypeParsers();
    await app.register(formbody);
    app.setErrorHandler((_, __, reply) =>
      refuse(reply, {
        status: 400,
        error: 'invalid_request',
        description: 'send a form: application/x-www-form-urlencoded',
      }),
    );
    app.post('/oauth/token', (request, reply) => {
      const error = checkGrant(request);
      reply.header('cache-control', 'no-store');
      if (error !== undefined) return refuse(reply, error);
      return reply.send({ access_token: tokens.issue(), token_type: 'Bearer', expires_in: lifetimeSeconds });
    });
  };
}

function refuse(reply: FastifyReply, { status, error, description }: OAuthError): FastifyReply {
  if (status === 401) reply.header('www-authenticate', 'Basic realm="reference-api"');
  return reply.code(status).send({ error, error_description: description });
}

function checkGrant(request: FastifyRequest): OAuthError | undefined {
  const form = (request.body ?? {}) as Readonly<Record<string, unknown>>;
  const client = clientOf(request.headers.authorization, form);
  switch (form.grant_type) {
    case 'client_credentials':
      return checkClient(client);
    case 'password':
      // In this grant the client is optional, but one that is given must be right.
      return (client === undefined ? undefined : checkClient(client)) ?? checkUser(form.username, form.password);
    case undefined:
      return { status: 400, error: 'invalid_request', description: 'grant_type is missing' };
    default:
      return { status: 400, error: 'unsupported_grant_type', description: 'use password or client_credentials' };
  }
}

/** Reads the client from HTTP Basic, where both halves are form-encoded (RFC 6749, section 2.3.1), or from the body. */
function clientOf(authorization: string | undefined, form: Readonly<Record<string, unknown>>): Client | undefined {
  const basic = /^Basic +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (basic !== undefined) {
    const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':', 2);
    return { id: formDecoded(id), secret: formDecoded(secret) };
  }
  const { client_id: id, client_secret: secret } = form;
  if (id === undefined && secret === undefined) return undefined;
  return { id: String(id), secret: String(secret) };
}

const formDecoded = (text: string): string =>
  new URLSearchParams(`value=${text.replaceAll('&', '%26')}`).get('value') ?? '';

function checkClient(client: Client | undefined): OAuthError | undefined {
  if (client?.id === DEMO_CLIENT.clientId && client.secret === DEMO_CLIENT.clientSecret) return undefined;
  return { status: 401, error: 'invalid_client', description: 'unknown client, or a wrong secret' };
}

function checkUser(username: unknown, password: unknown): OAuthError | undefined {
  if (typeof username !== 'string' || typeof password !== 'string') {
    return { status: 400, error: 'invalid_request', description: 'username and password are needed' };
  }
  const number = /^user-(\d+)$/.exec(username)?.[1];
  const right = number === undefined ? DEMO_USER.username === username && DEMO_USER.password : `pass-${number}`;
  if (right === password) return undefined;
  return { status: 400, error: 'invalid_grant', description: 'unknown user, or a wrong password' };
}

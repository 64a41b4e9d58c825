/** One request as the input shows it. Nothing in it is cleaned or masked yet: it may hold secrets. */
export interface CapturedRequest {
  /** What people call it: `POST /orders`, an operationId, the name of a Postman item. */
  readonly name: string;
  /** Other names that `--request` and `--operation` may use: `POST:/orders`, a Postman item with its folders. */
  readonly alsoCalled?: readonly string[];
  /** In upper case. */
  readonly method: string;
  /**
   * Absolute, with `{{ $env.NAME }}` where the input has a variable that nobody knows, and with path parameters put in.
   * A user and password in it are in `auth` instead.
   */
  readonly url: string;
  /** As in the input, pseudo headers (`:authority`) left out. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: CapturedBody;
  /** How the caller signs in, where the format says so beside the headers: `curl -u`, Postman's auth, OpenAPI's security. */
  readonly auth?: CapturedAuth;
  /** Parameters that the format names, with the value that stands in the request. */
  readonly parameters?: readonly CapturedParameter[];
  /** The answer that the input shows, if it does. */
  readonly answer?: CapturedAnswer;
  /** Paths of values in the body that the input does not show, and that were made up: `$.email`. */
  readonly madeUp?: readonly string[];
  /** What the input could not give, and the user has to know: a sentence each, such as "the file in photo is left out". */
  readonly remarks?: readonly string[];
  /** Variables of the environment that get their values from its answer, as a script of Postman says. */
  readonly sets?: readonly { readonly template: string; readonly json: string }[];
  /** When it was sent, in milliseconds after the first request of the input. */
  readonly atMs?: number;
}

export interface CapturedParameter {
  readonly name: string;
  /** `variable`: of the input, and it may stand anywhere in the request. */
  readonly in: 'path' | 'query' | 'header' | 'variable';
  readonly value: string;
}

export type CapturedBody =
  | { readonly kind: 'json'; readonly value: unknown; readonly text: string }
  | { readonly kind: 'form'; readonly fields: readonly Field[] }
  /** `files`: the names of fields that hold a file, which no suite can send. */
  | { readonly kind: 'multipart'; readonly fields: readonly Field[]; readonly files?: readonly string[] }
  /** `type`: its Content-Type, if one is known. */
  | { readonly kind: 'text'; readonly text: string; readonly type?: string };

export type Field = readonly [name: string, value: string];

/** A scheme and, where the input has one, the secret. Without it a variable of the environment stands for it. */
export type CapturedAuth =
  | { readonly scheme: 'basic'; readonly username?: string; readonly password?: string }
  | { readonly scheme: 'bearer'; readonly token?: string }
  | {
      readonly scheme: 'api-key';
      readonly in: 'header' | 'query' | 'cookie';
      readonly name: string;
      readonly value?: string;
    }
  | { readonly scheme: 'oauth2-password' | 'oauth2-client'; readonly tokenUrl: string; readonly clientId?: string };

export interface CapturedAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
}

/** What a file holds. */
export interface Capture {
  readonly format: 'curl' | 'har' | 'openapi' | 'postman';
  /** In the order of the input, with everything that has nothing to do with booking. */
  readonly requests: readonly CapturedRequest[];
  /**
   * The values of variables that stand as `{{ $env.NAME }}` in the requests because they are secrets, by their NAME. Variables
   * that nobody knows are not in it.
   */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** What the command line says about which request is meant. */
export interface Choice {
  /** `--request`: the name of a Postman item, or `METHOD path`. */
  readonly request?: string | undefined;
  /** `--operation`: `METHOD:/path`, or an operationId of an OpenAPI document. */
  readonly operation?: string | undefined;
}

/** A kind of input. Each is a file in `formats/`, which loads the library that it needs when it reads. */
export interface Format {
  readonly name: Capture['format'];
  /** Whether this text is meant to be of this format, right or wrong. Never throws. */
  recognises(text: string): boolean;
  /** @throws InputError if the text breaks the format */
  read(text: string, choice: Choice): Promise<Capture>;
}

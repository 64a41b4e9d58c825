import { isMainThread } from 'node:worker_threads';

/** The parts of Artillery 2.0.34 that this plugin uses. Artillery publishes no types for them; the tests pin all of it. */

export interface ArtilleryScript {
  config: {
    target?: string;
    processor?: Record<string, unknown> | string;
    phases?: Record<string, unknown>[];
    variables?: Record<string, unknown>;
    tls?: Record<string, unknown>;
    plugins?: Record<string, unknown>;
    [key: string]: unknown;
  };
  scenarios?: Scenario[];
  /** Artillery runs these sections once, outside the race. */
  before?: unknown;
  /** A misplaced block: Artillery reads only `config.plugins`. */
  plugins?: Record<string, unknown>;
  after?: unknown;
  _environment?: string;
  _scriptPath?: string;
}

export interface Scenario {
  flow?: unknown;
  beforeScenario?: string | string[];
  afterScenario?: string | string[];
  beforeRequest?: string | string[];
  afterResponse?: string | string[];
  onError?: string | string[];
}

/** One virtual user. The engine reads the agents after the `beforeRequest` hooks. */
export interface VuContext {
  vars: Record<string, unknown>;
  funcs: { $template(input: unknown): unknown };
  _httpAgent: unknown;
  _httpsAgent: unknown;
  _jar: CookieJar;
  /** Whether its requests carry cookies: from the first answer on that sets one. */
  _enableCookieJar?: boolean;
  /** What it runs. */
  scenario?: Scenario;
}

export interface RequestParams {
  /** As written: with templates, and without the target where it begins with a slash. */
  url?: unknown;
  uri?: unknown;
  method?: string;
  json?: unknown;
  body?: unknown;
  /** The `race:` line, with templates: an inventory, or a mapping with more. */
  race?: unknown;
  beforeRequest?: string | string[];
  headers?: Readonly<Record<string, unknown>>;
  /** Of this one request of one virtual user. */
  uuid?: string;
  /** Seconds to the first byte of the answer. */
  timeout?: number;
  /** TLS options of this request, by the names of the HTTP client. */
  https?: unknown;
  /** Whether the HTTP client speaks HTTP/2. */
  http2?: unknown;
  /** Whether redirects are followed; by default they are. The HTTP client asks a function about each. */
  followRedirect?: unknown;
  /** Absent until the virtual user has got a cookie. */
  cookieJar?: CookieJar;
}

/** What the HTTP client hands to functions that ask about an answer. */
export interface EngineResponse {
  readonly statusCode: number;
  readonly headers: { readonly location?: string };
}

/** The cookies of a virtual user (tough-cookie). */
export interface CookieJar {
  /** Rejects if it refuses the cookie. */
  setCookie(cookie: string, url: string): Promise<unknown>;
  getCookieStringSync(url: string): string;
}

/** A step of a flow, as it is written: a request under the name of its method, a function, a loop … */
export interface FlowStep {
  readonly [kind: string]: unknown;
}

/** Takes custom metrics, and the errors of virtual users. */
export interface Metrics {
  emit(kind: 'counter' | 'histogram', name: string, value: number): void;
  emit(kind: 'rate', name: string): void;
  /** An error of a virtual user, by its code or its message: Artillery counts it as `errors.{name}`. */
  emit(kind: 'error', name: string): void;
  /** Artillery emits each request as it is sent, with its templates filled in, and each answer before anybody has read it. */
  on?(event: 'trace:http:request', listener: (params: SentParams, uuid: string) => void): unknown;
  on?(event: 'trace:http:response', listener: (response: TracedResponse, uuid: string) => void): unknown;
}

/** A request as the engine sends it, without the cookies that its jar adds. */
export interface SentParams {
  readonly race?: unknown;
  readonly url?: unknown;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly json?: unknown;
  readonly body?: unknown;
  readonly form?: unknown;
  readonly searchParams?: unknown;
  readonly username?: unknown;
  readonly password?: unknown;
}

/** An answer whose body is still to come, packed as it was sent. */
export interface TracedResponse {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  on(event: 'data', listener: (chunk: Buffer) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
}

export type Callback = (error?: Error | null) => void;

/** The global object of a running Artillery. */
export interface ArtilleryGlobal {
  log(text: string): void;
  version?: string;
  suggestedExitCode?: number;
  /** Artillery sets it before it loads plugins. */
  testInfo?: { readonly metadata?: { readonly launchType?: string } };
  globalEvents: { on(event: string, listener: (argument?: { earlyStop?: boolean; exitCode?: number }) => void): void };
}

export const artilleryGlobal = (): ArtilleryGlobal | undefined =>
  (globalThis as { artillery?: ArtilleryGlobal }).artillery;

/** Artillery sets the variable in its worker threads. In the launcher, the user's shell could have set it. */
export const isWorker = (): boolean => !isMainThread && process.env.LOCAL_WORKER_ID !== undefined;

/**
 * Whether Artillery only collects the figures of other machines here, as `run-lambda` and `run-aci` do: they run the suite,
 * and nothing is raced here.
 */
export function isLeader(): boolean {
  const launchType = artilleryGlobal()?.testInfo?.metadata?.launchType;
  return launchType !== undefined && launchType !== 'local';
}

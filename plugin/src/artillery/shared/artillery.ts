import { isMainThread } from 'node:worker_threads';

/** What this plugin uses of Artillery 2.0.34, which publishes no types for it. Everything here is pinned by the tests. */

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
  /** What Artillery runs once, outside the race. */
  before?: unknown;
  after?: unknown;
  _environment?: string;
  _scriptPath?: string;
}

export interface Scenario {
  flow?: unknown;
  beforeScenario?: string | string[];
  afterScenario?: string | string[];
  beforeRequest?: string | string[];
  onError?: string | string[];
}

/** One virtual user. The engine reads the agents after the `beforeRequest` hooks have run. */
export interface VuContext {
  vars: Record<string, unknown>;
  funcs: { $template(input: unknown): unknown };
  _httpAgent: unknown;
  _httpsAgent: unknown;
}

export interface RequestParams {
  /** Our one line on the request that races: the inventory, or a mapping with more, with templates. */
  race?: unknown;
  beforeRequest?: string | string[];
  headers?: Readonly<Record<string, unknown>>;
  /** Seconds to the first byte of the answer. */
  timeout?: number;
}

/** Where custom metrics go. */
export interface Metrics {
  emit(kind: 'counter' | 'histogram', name: string, value: number): void;
  emit(kind: 'rate', name: string): void;
}

export type Callback = (error?: Error | null) => void;

/** The global object of a running Artillery. */
export interface ArtilleryGlobal {
  log(text: string): void;
  version?: string;
  suggestedExitCode?: number;
  globalEvents: { on(event: string, listener: (argument?: { earlyStop?: boolean }) => void): void };
}

export const artilleryGlobal = (): ArtilleryGlobal | undefined =>
  (globalThis as { artillery?: ArtilleryGlobal }).artillery;

/** Artillery sets the variable in its worker threads; in the launcher it can only be there by chance. */
export const isWorker = (): boolean => !isMainThread && process.env.LOCAL_WORKER_ID !== undefined;

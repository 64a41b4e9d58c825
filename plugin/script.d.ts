// The types of a script in TypeScript whose requests race: `import type { Config, Scenarios } from 'artillery-plugin-race/script'`
// in place of `from 'artillery'`. Artillery exports its types as aliases, and TypeScript can add a key to interfaces only.

import type * as artillery from 'artillery';
import type { RaceConfig } from './dist/index.js';

/** A value, or a template that becomes one, such as `"{{ quantity }}"`. */
type OrTemplate<T> = T | `${string}{{${string}}}${string}`;
/** An id, or a template that becomes one. */
type Id = string | number;

/** The `race:` line of a request that is held and released with the others. */
export interface Raced {
  /** The key of the inventory that the request goes for. */
  readonly inventory: Id;
  readonly operation?: string;
  readonly units?: OrTemplate<number> | string;
  readonly parts?: readonly Id[] | string;
  /** A stretch: numbers, or times with their zones (ISO 8601). */
  readonly from?: Id;
  readonly to?: Id;
  readonly user?: Id;
  readonly idempotencyKey?: Id;
  /** `false`: held and released, and judged by nothing. */
  readonly judge?: OrTemplate<boolean>;
  readonly release?:
    | 'simultaneous'
    | {
        readonly shape?: 'simultaneous' | 'ramp' | 'sweep';
        readonly spanMs?: OrTemplate<number>;
        readonly delayMs?: OrTemplate<number>;
        readonly afterPreviousMs?: OrTemplate<number>;
      };
}

/** All wait here, one sends the request, and all get its answer. */
export interface Once {
  readonly once: Id;
  readonly allow?: readonly OrTemplate<number>[];
}

/** An ordinary request whose answer decides the attempt before it. */
export interface Settles {
  readonly settles: Id;
  readonly everyMs?: OrTemplate<number>;
  readonly withinMs?: OrTemplate<number>;
}

/** What stands behind `race:`. `false` is no line. */
export type RaceLine = Id | false | Raced | Once | Settles;

interface WithRaceLine {
  readonly race?: RaceLine;
}

/** A step of Artillery's HTTP engine, whose request may have a `race:` line. */
export type FlowStep =
  | artillery.BaseFlowStep
  | ({ loop: FlowStep[] } & artillery.LoopOptions)
  | { parallel: FlowStep[]; limit?: number | string }
  | { get: artillery.HttpRequestSpec & WithRaceLine }
  | { post: artillery.HttpRequestWithBodySpec & WithRaceLine }
  | { put: artillery.HttpRequestWithBodySpec & WithRaceLine }
  | { patch: artillery.HttpRequestWithBodySpec & WithRaceLine }
  | { delete: artillery.HttpRequestWithBodySpec & WithRaceLine };

/** A scenario of the HTTP engine. */
export interface Scenario {
  engine?: 'http';
  name?: string;
  weight?: number | string;
  beforeScenario?: string | string[];
  afterScenario?: string | string[];
  beforeRequest?: string | string[];
  afterResponse?: string | string[];
  onError?: string | string[];
  flow: FlowStep[];
}

/** Scenarios that race, and others of any engine. */
export type Scenarios = (Scenario | Exclude<artillery.Scenario, { engine?: 'http' }>)[];

/** Artillery's configuration, with the plugin's block. */
export type Config = Omit<artillery.Config, 'plugins'> & {
  plugins?: artillery.PluginsConfig & { race?: RaceConfig };
};

/** A whole script. */
export type TestScript = Omit<artillery.TestScript, 'config' | 'scenarios'> & {
  config?: Config;
  scenarios?: Scenarios;
};

import { operationOf, readBackKeysOf } from '../../../../model/index.ts';
import { misfitOf, type RunSettings, readBackIdentities, readRaceLine } from '../../config/index.ts';
import type { Callback, Metrics, RequestParams, Scenario, VuContext } from '../shared/artillery.ts';
import { isRaced } from '../shared/raced-steps.ts';
import { aroundSteps, type Walker } from './around-steps.ts';
import type { Contender } from './contender.ts';
import { cookiesOf, dropBadCookies } from './cookies.ts';
import type { Around } from './engine.ts';
import type { EngineAgents } from './engine-agents.ts';
import { Flow } from './flow.ts';
import type { Hooks } from './install-hooks.ts';
import { attemptMetrics } from './metrics.ts';
import { limitRedirects } from './redirects.ts';
import { fitSpan } from './spans.ts';
import { answerText, putDown, type Register, stepOf } from './vanished.ts';

/** Longer than any rendezvous and any deadline of the gate: the engine's own timeout must never come first. */
const ENGINE_TIMEOUT_S = 86_400;

const TWO_AT_ONCE = 'race: a virtual user can go for one thing at a time; take the raced requests out of "parallel"';

/** Without the words of the target: what it says could be anything. */
const BAD_COOKIE = 'the target sets a cookie that it may not set, or that is malformed; it is dropped';

export interface HookOptions extends Register {
  readonly settings: Pick<RunSettings, 'plan' | 'target' | 'orderVariables' | 'outcome' | 'keys' | 'readBack'>;
  /** Milliseconds on the run's clock. */
  readonly now: () => number;
  /** Whether the virtual users of a scenario are contenders. */
  readonly isContender: (scenario: Scenario) => boolean;
  /** Called for each virtual user that starts, with what emits its events. */
  readonly newContender: (
    events: Metrics,
    scenario: Scenario | undefined,
  ) => { readonly vu: number; readonly contender: Contender };
  /** The variables of a virtual user that is about to race: a sign-in may have left secrets in them. */
  readonly learn: (vars: VuContext['vars']) => void;
  /** The value of `$inventory`, by the key of the inventory. */
  readonly inventoryOf: (key: string | undefined) => unknown;
  /** The engine's own agents, of all virtual users. */
  readonly engineAgents: Pick<EngineAgents, 'add' | 'remove'>;
  /** The variables that go to the virtual users in turn: those of one of them, numbered from 1. */
  readonly entriesFor: (vu: number) => Readonly<Record<string, unknown>>;
  /** Says something to the user, once. */
  readonly warn: (message: string) => void;
}

/** What a virtual user is to the hooks. */
interface Known extends Walker {
  /** It counts among those that others wait for. */
  readonly isContender: boolean;
  /** The engine's own agents, for the requests that do not race. */
  readonly ownAgents: Agents;
}

interface Agents {
  readonly httpAgent: unknown;
  readonly httpsAgent: unknown;
}

/** The functions that Artillery calls for each virtual user and each request. They tell its contender what happens. */
export function createHooks(options: HookOptions): Hooks & { readonly around: Around } {
  const { settings, isContender, newContender, learn, problem, engineAgents, warn, inventoryOf, entriesFor } = options;
  const variables = variablesFor(settings);
  const known = new WeakMap<VuContext, Known>();
  let hasZeros = false;

  const raceJoin = (context: VuContext, metrics: Metrics, done: Callback): void => {
    const { vu, contender } = newContender(metrics, context.scenario);
    const user: Known = {
      vu,
      contender,
      flow: new Flow(),
      isContender: context.scenario === undefined || isContender(context.scenario),
      ownAgents: { httpAgent: context._httpAgent, httpsAgent: context._httpsAgent },
    };
    known.set(context, user);
    engineAgents.add(Object.values(user.ownAgents));
    dropBadCookies(context._jar, () => warn(BAD_COOKIE));
    Object.assign(context.vars, entriesFor(vu), { ...variables, $vu: vu, $inventories: contender.inventories });
    if (!hasZeros) attemptMetrics(settings.orderVariables).zeros(metrics);
    hasZeros = true;
    done();
  };

  const racePass = (request: RequestParams, context: VuContext, _metrics: Metrics, done: Callback): void => {
    const user = known.get(context);
    if (user !== undefined) Object.assign(user, { request, step: stepOf(request, settings.target) });
    // In a `parallel` block, a raced request may be about to read the agents. Then this one passes through the gate, unheld.
    if (user !== undefined && !isRaced(request) && !user.contender.isEntering) useAgents(context, user.ownAgents);
    done();
  };

  const raceHold = (request: RequestParams, context: VuContext, metrics: Metrics, done: Callback): void => {
    const user = known.get(context);
    if (user === undefined || !isRaced(request)) return void done();
    const { contender } = user;
    learn(context.vars);
    const { stoppedBecause } = contender;
    if (stoppedBecause !== undefined) problem({ reason: stoppedBecause });
    const mistake = stoppedBecause ?? enterGate(request, context, user, metrics, settings);
    context.vars.$inventory = inventoryOf(user.flow.inventory);
    done(mistake === undefined ? undefined : new Error(mistake));
  };

  const ended = (context: VuContext, error: Error | undefined): Error | undefined => {
    const user = known.get(context);
    if (user === undefined) return error;
    engineAgents.remove(Object.values(user.ownAgents));
    if (user.isContender) putDown(user, error, options);
    return error ?? user.flow.failure;
  };

  return {
    isContender,
    begin: { raceJoin },
    beforeRequest: { racePass },
    beforeRaced: { raceHold },
    ...listeners(known, options.now),
    around: { step: aroundSteps((context) => known.get(context), inventoryOf), ended },
  };
}

/** What hears of the end of each request. */
function listeners(
  known: WeakMap<VuContext, Known>,
  now: HookOptions['now'],
): Pick<Hooks, 'afterResponse' | 'onError'> {
  const fit = (request: RequestParams, context: VuContext): void => {
    const timing = isRaced(request) ? known.get(context)?.contender.timing : undefined;
    if (timing !== undefined) fitSpan(context, request, timing, now());
  };

  const raceAnswered = (
    request: RequestParams,
    response: { readonly statusCode: number; readonly body?: unknown },
    context: VuContext,
    _: Metrics,
    done: Callback,
  ): void => {
    const user = known.get(context);
    fit(request, context);
    if (user !== undefined)
      user.answer = { request, text: answerText(response.statusCode, String(response.body ?? '')) };
    done();
  };

  const raceBroke = (error: Error, request: RequestParams, context: VuContext, _: Metrics, done: Callback): void => {
    const broken = isRaced(request) ? known.get(context)?.contender.broken : undefined;
    fit(request, context);
    // As got names it.
    if (broken?.why === 'timeout') error.name = 'TimeoutError';
    // Nothing broke where nothing was sent, so the suite's own hooks hear nothing.
    done(broken?.why === 'not sent' ? error : undefined);
  };

  return { afterResponse: { raceAnswered }, onError: { raceBroke } };
}

/** The variables that are the same for all virtual users. */
const variablesFor = ({ plan, orderVariables, readBack }: HookOptions['settings']) => ({
  $vus: plan.contenders,
  ...(readBackIdentities(readBack).length > 0 && { $reserved: readBackIdentities(readBack) }),
  $parts: Object.fromEntries(plan.inventories.map((inventory) => [inventory.key, readBackKeysOf(inventory)])),
  $orderVariables: orderVariables,
});

/**
 * Sends a raced request through the gate.
 *
 * @returns a sentence if the request cannot race; then it is as it was
 */
function enterGate(
  request: RequestParams,
  context: VuContext,
  { contender, flow }: Walker,
  metrics: Metrics,
  { plan, outcome }: HookOptions['settings'],
): string | undefined {
  const line = readRaceLine(request.race, context.funcs.$template(request.race));
  if (typeof line === 'string') return line;
  const misfit = misfitOf(line, plan);
  if (misfit !== undefined) return misfit;
  if (contender.isRacing) return TWO_AT_ONCE;
  flow.races(line);
  const ofOperation = 'intent' in line ? outcome.operations?.[operationOf(line.intent)] : undefined;
  const redirects = ofOperation?.redirects ?? outcome.redirects;
  const engine = {
    passing: limitRedirects(request),
    // In a `parallel` block, another request may read the agents that are meant for this one.
    isFor: (method: string, path: string) => isSent(request, method, path),
    ...(redirects === 'follow' && { cookies: cookiesOf(context) }),
  };
  // Without it, a cookie that comes with a redirect would be missing on the page.
  request.cookieJar ??= context._jar;
  useAgents(context, contender.enter(line, metrics, engine));
  request.timeout = ENGINE_TIMEOUT_S;
  // The gate speaks HTTP/2 itself, where the target does; the client's own would go past the gate.
  request.http2 = false;
  return undefined;
}

/** Whether the engine sent this request, by its method and its path. The query may be written beside the address. */
function isSent({ method, url }: RequestParams, sentMethod: string, sentPath: string): boolean {
  const address = URL.parse(String(url));
  return address === null || (method === sentMethod && address.pathname === sentPath.split('?', 1)[0]);
}

/** The engine reads the agents after the hooks have run. */
function useAgents(context: VuContext, { httpAgent, httpsAgent }: Agents): void {
  context._httpAgent = httpAgent;
  context._httpsAgent = httpsAgent;
}

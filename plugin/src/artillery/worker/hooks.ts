import { RACE_STOPPED, readBackKeysOf } from '../../../../model/index.ts';
import { type RunSettings, readRaceLine } from '../../config/index.ts';
import { type Gate, TICKET_HEADER } from '../../gate/index.ts';
import type { Callback, Metrics, RequestParams, Scenario, VuContext } from '../shared/artillery.ts';
import { isRaced } from '../shared/raced-steps.ts';
import type { Contender } from './contender.ts';
import type { Hooks } from './install-hooks.ts';
import { attemptMetrics } from './metrics.ts';
import type { RecordedProblem } from './recorder.ts';
import { createVanished, stepOf, type Traveller } from './vanished.ts';

/** Longer than any rendezvous and any deadline of the gate: the engine's own timeout must never come first. */
const ENGINE_TIMEOUT_S = 86_400;

const NEVER_RACED = 'ended without a raced request';
const TWO_AT_ONCE = 'race: a virtual user can go for one thing at a time; take the raced requests out of "parallel"';

export interface HookOptions {
  readonly settings: Pick<RunSettings, 'plan' | 'target' | 'orderVariables'>;
  readonly gate: Gate;
  /** Whether the virtual users of a scenario are contenders. */
  readonly isContender: (scenario: Scenario) => boolean;
  /** Called for each virtual user that starts. */
  readonly newContender: () => { readonly vu: number; readonly contender: Contender };
  /** Puts a problem into the history. */
  readonly problem: (problem: RecordedProblem) => void;
}

/** What a virtual user is to the hooks. */
interface Known extends Traveller {
  /** The engine's own agents, for the requests that do not race. */
  readonly ownAgents: Agents;
}

interface Agents {
  readonly httpAgent: unknown;
  readonly httpsAgent: unknown;
}

/** The functions that Artillery calls for each virtual user and each request. They tell its contender what happens. */
export function createHooks({ settings, gate, isContender, newContender, problem }: HookOptions): Hooks {
  const variables = variablesFor(settings);
  const known = new WeakMap<VuContext, Known>();
  const vanished = createVanished(problem);
  let hasZeros = false;

  const raceJoin = (context: VuContext, metrics: Metrics, done: Callback): void => {
    const { vu, contender } = newContender();
    const user: Known = {
      vu,
      contender,
      ownAgents: { httpAgent: context._httpAgent, httpsAgent: context._httpsAgent },
    };
    known.set(context, user);
    if (context.scenario === undefined || isContender(context.scenario)) vanished.begin(user, metrics);
    Object.assign(context.vars, { ...variables, $vu: vu, $inventories: contender.inventories });
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
    if (contender.isStopped) problem({ reason: RACE_STOPPED });
    const mistake = contender.isStopped ? RACE_STOPPED : enterGate(request, context, contender, metrics, gate);
    if (mistake === undefined) return void done();
    vanished.because(user, mistake);
    done(new Error(mistake));
  };

  const raceLeave = (context: VuContext, _metrics: Metrics, done: Callback): void => {
    const user = known.get(context);
    if (user?.contender.hasRaced === false) vanished.because(user, NEVER_RACED);
    user?.contender.leave();
    done();
  };

  const raceLost = (
    error: Error,
    _request: RequestParams,
    context: VuContext,
    _metrics: Metrics,
    done: Callback,
  ): void => {
    const user = known.get(context);
    if (user !== undefined) vanished.because(user, error.message, user.step);
    done();
  };

  return {
    isContender,
    begin: { raceJoin },
    beforeRequest: { racePass },
    beforeRaced: { raceHold },
    end: { raceLeave },
    onError: { raceLost },
  };
}

/** The variables that are the same for all virtual users. */
const variablesFor = ({ plan, orderVariables }: HookOptions['settings']) => ({
  $vus: plan.contenders,
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
  contender: Contender,
  metrics: Metrics,
  gate: Gate,
): string | undefined {
  const line = readRaceLine(request.race, context.funcs.$template(request.race));
  if (typeof line === 'string') return line;
  if (contender.isRacing) return TWO_AT_ONCE;
  useAgents(context, gate);
  request.timeout = ENGINE_TIMEOUT_S;
  request.headers = { ...request.headers, [TICKET_HEADER]: contender.enter(line, metrics) };
  return undefined;
}

/** The engine reads the agents after the hooks have run. */
function useAgents(context: VuContext, { httpAgent, httpsAgent }: Agents): void {
  context._httpAgent = httpAgent;
  context._httpsAgent = httpsAgent;
}

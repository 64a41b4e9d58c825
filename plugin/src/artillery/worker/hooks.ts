import { type Plan, readBackKeysOf } from '../../../../model/index.ts';
import { readRaceLine } from '../../config/index.ts';
import { type Gate, TICKET_HEADER } from '../../gate/index.ts';
import type { Callback, Metrics, RequestParams, VuContext } from '../shared/artillery.ts';
import { isRaced } from '../shared/raced-steps.ts';
import type { Contender } from './contender.ts';
import type { Hooks } from './install-hooks.ts';
import { emitZeros } from './metrics.ts';

/** Longer than any rendezvous and any deadline of the gate: the engine's own timeout must never come first. */
const ENGINE_TIMEOUT_S = 86_400;

const TWO_AT_ONCE = 'race: a virtual user can go for one thing at a time; take the raced requests out of "parallel"';

export interface HookOptions {
  readonly plan: Plan;
  readonly gate: Gate;
  /** Called for each virtual user that starts. */
  readonly newContender: () => { readonly vu: number; readonly contender: Contender };
  /** Puts a message into the history. */
  readonly problem: (message: string) => void;
}

/** What a virtual user is to the hooks. */
interface Known {
  readonly contender: Contender;
  /** The engine's own agents, for the requests that do not race. */
  readonly ownAgents: Agents;
}

interface Agents {
  readonly httpAgent: unknown;
  readonly httpsAgent: unknown;
}

/** The functions that Artillery calls for each virtual user and each request. They tell its contender what happens. */
export function createHooks({ plan, gate, newContender, problem }: HookOptions): Omit<Hooks, 'isContender'> {
  const keys = plan.inventories.map((inventory) => inventory.key);
  const parts = Object.fromEntries(plan.inventories.map((inventory) => [inventory.key, readBackKeysOf(inventory)]));
  const known = new WeakMap<VuContext, Known>();
  let hasZeros = false;

  const raceJoin = (context: VuContext, metrics: Metrics, done: Callback): void => {
    const { vu, contender } = newContender();
    known.set(context, {
      contender,
      ownAgents: { httpAgent: context._httpAgent, httpsAgent: context._httpsAgent },
    });
    Object.assign(context.vars, { $vu: vu, $vus: plan.contenders, $inventories: keys, $parts: parts });
    if (!hasZeros) emitZeros(metrics);
    hasZeros = true;
    done();
  };

  const racePass = (request: RequestParams, context: VuContext, _metrics: Metrics, done: Callback): void => {
    const user = known.get(context);
    // In a `parallel` block, a raced request may be about to read the agents. Then this one passes through the gate, unheld.
    if (user !== undefined && !isRaced(request) && !user.contender.isEntering) useAgents(context, user.ownAgents);
    done();
  };

  const raceHold = (request: RequestParams, context: VuContext, metrics: Metrics, done: Callback): void => {
    const contender = known.get(context)?.contender;
    const mistake =
      contender !== undefined && isRaced(request) ? enterGate(request, context, contender, metrics, gate) : undefined;
    if (mistake === undefined) return void done();
    problem(mistake);
    done(new Error(mistake));
  };

  const raceLeave = (context: VuContext, _metrics: Metrics, done: Callback): void => {
    known.get(context)?.contender.leave();
    done();
  };

  const raceLost = (
    _error: Error,
    _request: RequestParams,
    context: VuContext,
    metrics: Metrics,
    done: Callback,
  ): void => raceLeave(context, metrics, done);

  return {
    begin: { raceJoin },
    beforeRequest: { racePass },
    beforeRaced: { raceHold },
    end: { raceLeave },
    onError: { raceLost },
  };
}

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

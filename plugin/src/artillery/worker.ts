import { type RunSettings, resolveRun } from '../config/index.ts';
import { createGate, type Exchange, type Gate, type Lane } from '../gate/index.ts';
import { openHistory, outcomeReader } from '../recording/index.ts';
import { createRendezvous, systemClock } from '../rendezvous/index.ts';
import { emitZeros } from './metrics.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { createRehearsal } from './rehearsal.ts';
import { COUNTER, clockOf, headersChannel, joinRun } from './run-context.ts';
import { tlsForEngine, tlsOptionsOf } from './tls.ts';
import type { ArtilleryScript, Callback, Metrics, RequestParams, Scenario, VuContext } from './types.ts';

/** Longer than any rendezvous and any deadline of the gate: the engine's own timeout must never be the first. */
const ENGINE_TIMEOUT_S = 86_400;

/** A contender in this thread. */
interface Contender {
  readonly vu: number;
  /** The engine's own agents, for the requests that do not race. */
  readonly stock: { readonly http: unknown; readonly https: unknown };
  /** How often it has gone for each inventory. */
  readonly visits: Map<string, number>;
  lane?: Lane;
}

let recorderOfThread: Recorder | undefined;

/**
 * Puts a message into the history and the report of the run, for something that went wrong around the attempts, such as a
 * refused sign-in. For processors; it does nothing outside a worker, and the same message counts once.
 */
export function reportProblem(message: string): void {
  recorderOfThread?.problem(message.slice(0, 500));
}

/** The plugin in a worker thread: it hooks every scenario, and returns how to end the race in this thread. */
export function startWorker(script: ArtilleryScript): { close(): void } {
  const run = joinRun();
  const now = clockOf(run);
  const settings = resolveRun({ config: script.config, environment: script._environment, env: process.env });
  const tls = tlsOptionsOf(script);
  applySettings(script, settings);
  if (script.config.tls !== undefined) script.config.tls = tlsForEngine(tls);

  const gate: Gate = createGate({
    now,
    wire: settings.wire,
    tls,
    timeoutMs: settings.attemptTimeoutMs,
    maxBodyBytes: settings.maxBodyBytes,
  });
  const rendezvous = createRendezvous({
    parties: settings.plan.contenders,
    timeoutMs: settings.rendezvousTimeoutMs,
    settleMs: settings.settleMs,
    clock: systemClock,
  });
  const recorder = createRecorder(openHistory(run.historyFile), (error) => {
    Atomics.add(run.counters, COUNTER.lostRecords, 1);
    console.error(`Error: the history could not be written: ${error.message}`);
  });
  recorderOfThread = recorder;
  const channel = headersChannel(run);
  channel.unref();
  Atomics.add(run.counters, COUNTER.openWorkers, 1);

  const rehearse = createRehearsal({ settings, now, meet: rendezvous.arrive });
  const readOutcome = outcomeReader(settings.outcome);
  const roundOf = roundNumbers(settings);
  const keys = settings.plan.inventories.map((inventory) => inventory.key);
  const contenders = new WeakMap<VuContext, Contender>();
  let zerosEmitted = false;
  let lastRound: number | undefined;

  const join = (context: VuContext, metrics: Metrics, done: Callback): void => {
    const vu = Atomics.add(run.counters, COUNTER.vus, 1) + 1;
    contenders.set(context, {
      vu,
      stock: { http: context._httpAgent, https: context._httpsAgent },
      visits: new Map(),
    });
    context.vars.$vu = vu;
    context.vars.$vus = settings.plan.contenders;
    context.vars.$inventories = keys;
    if (!zerosEmitted) emitZeros(metrics);
    zerosEmitted = true;
    done();
  };

  const leave = (context: VuContext): void => {
    const contender = contenders.get(context);
    if (contender === undefined) return;
    rendezvous.leave(contender.vu);
    contender.lane?.close();
    delete contender.lane;
  };

  const hold = (request: RequestParams, context: VuContext, metrics: Metrics, done: Callback): void => {
    const contender = contenders.get(context);
    if (contender === undefined) done();
    else if (request.race === undefined || request.race === false) {
      context._httpAgent = contender.stock.http;
      context._httpsAgent = contender.stock.https;
      done();
    } else {
      const key = context.funcs.$template(request.race);
      if (isKey(key)) enter(request, context, contender, String(key), metrics);
      else recorder.problem(`race: ${JSON.stringify(request.race)} names no inventory: it is ${JSON.stringify(key)}`);
      done(isKey(key) ? null : new Error('race: names no inventory'));
    }
  };

  /** The request is about to be sent: it goes through the gate, and is held there until the others have come. */
  const enter = (
    request: RequestParams,
    context: VuContext,
    contender: Contender,
    inventory: string,
    metrics: Metrics,
  ): void => {
    const visit = (contender.visits.get(inventory) ?? 0) + 1;
    contender.visits.set(inventory, visit);
    contender.lane ??= gate.openLane();
    context._httpAgent = contender.lane.httpAgent;
    context._httpsAgent = contender.lane.httpsAgent;
    request.timeout = ENGINE_TIMEOUT_S;
    const point = `${inventory}\n${visit}`;
    const isFirst = contender.visits.size === 1 && visit === 1;
    let isLetGo = false;
    let isOver = false;
    contender.lane.holdNext({
      ...(isFirst && { prepare: (its, send) => rehearse(contender.vu, its, send) }),
      staged(release) {
        rendezvous.arrive(point, contender.vu, () => {
          isLetGo = true;
          release();
          if (!isOver) recorder.released(contender.vu);
        });
      },
      withdrawn: () => rendezvous.withdraw(contender.vu),
      done(exchange) {
        isOver = true;
        if (!isLetGo) rendezvous.miss(point, contender.vu);
        conclude(exchange, contender.vu, inventory, visit, metrics);
      },
    });
  };

  const conclude = (exchange: Exchange, vu: number, inventory: string, visit: number, metrics: Metrics): void => {
    const round = roundOf(inventory, visit);
    if (round !== lastRound) channel.postMessage(exchange.request.rawHeaders);
    lastRound = round;
    const conclusion = readOutcome(exchange.reply, exchange.request.headers);
    recorder.ended({ round, inventory, vu, ...exchange.timing, ...conclusion }, metrics);
  };

  hook(script, {
    beforeScenario: { raceJoin: join },
    beforeRequest: { raceHold: hold },
    afterScenario: {
      raceLeave: (context: VuContext, _metrics: Metrics, done: Callback) => {
        leave(context);
        done();
      },
    },
    onError: {
      raceLost: (_error: Error, _request: RequestParams, context: VuContext, _metrics: Metrics, done: Callback) => {
        leave(context);
        done();
      },
    },
  });

  return {
    close() {
      gate.close();
      rendezvous.close();
      recorder.close();
      channel.close();
      Atomics.sub(run.counters, COUNTER.openWorkers, 1);
      Atomics.notify(run.counters, COUNTER.openWorkers);
    },
  };
}

const isKey = (key: unknown): boolean => (typeof key === 'string' && key.trim() !== '') || typeof key === 'number';

/** What environment variables and the plugin's block change in the script that this worker is about to run. */
function applySettings(script: ArtilleryScript, settings: RunSettings): void {
  const { config } = script;
  config.target = settings.target;
  config.variables = { ...config.variables, ...settings.variables };
  const { arrivalCount } = settings.contenders;
  for (const phase of config.phases ?? []) {
    if (arrivalCount !== undefined && phase.arrivalCount !== undefined) phase.arrivalCount = arrivalCount;
  }
}

/**
 * The number of the round for the n-th visit to an inventory: the first visit has the inventory's place in the plan; what
 * the plan does not foresee is numbered after it, in the order in which it is met.
 */
function roundNumbers({ plan }: RunSettings): (inventory: string, visit: number) => number {
  const numbers = new Map(plan.inventories.map((inventory, index) => [`${inventory.key}\n1`, index + 1]));
  return (inventory, visit) => {
    const name = `${inventory}\n${visit}`;
    const number = numbers.get(name) ?? numbers.size + 1;
    numbers.set(name, number);
    return number;
  };
}

/** Adds functions to the processor and their names to every scenario, before what is there already. */
function hook(script: ArtilleryScript, hooks: Record<keyof Scenario, Record<string, unknown>>): void {
  const processor = typeof script.config.processor === 'object' ? script.config.processor : {};
  script.config.processor = Object.assign(processor, ...Object.values(hooks));
  for (const scenario of script.scenarios ?? []) {
    for (const [place, functions] of Object.entries(hooks) as [keyof Scenario, object][]) {
      scenario[place] = [...Object.keys(functions), ...[scenario[place] ?? []].flat()];
    }
  }
}

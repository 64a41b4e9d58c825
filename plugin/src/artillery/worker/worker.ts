import { placesIn } from '../../../../model/index.ts';
import { type RaceLine, type RunSettings, readRaceLine } from '../../config/index.ts';
import { createGate, type Exchange, type Gate, type Reply, TICKET_HEADER } from '../../gate/index.ts';
import { fingerprintOf, isPackedWell, openHistory, outcomeReader } from '../../recording/index.ts';
import type { ArtilleryScript, Callback, Metrics, RequestParams, VuContext } from '../shared/artillery.ts';
import { visitKey } from '../shared/round-table.ts';
import { COUNTER, clockOf, headersChannel, joinRun } from '../shared/run-context.ts';
import { settingsOf } from '../shared/settings.ts';
import { tlsForEngine, tlsOptionsOf } from '../shared/tls.ts';
import { createFirstLook } from './already-taken.ts';
import { hasRacedSteps, hookInto, isRaced } from './install-hooks.ts';
import { joinMeeting, workerOf } from './join-meeting.ts';
import { emitSpread, emitZeros } from './metrics.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { createRehearsal } from './rehearsal.ts';
import { createRounds } from './rounds.ts';
import { staggerOf } from './stagger.ts';

/** Longer than any rendezvous and any deadline of the gate: the engine's own timeout must never be the first. */
const ENGINE_TIMEOUT_S = 86_400;

/** A contender in this thread. */
interface Contender {
  readonly vu: number;
  /** The engine's own agents, for the requests that do not race. */
  readonly stock: { readonly http: unknown; readonly https: unknown };
  /** How often it has gone for each inventory. */
  readonly visits: Map<string, number>;
  /** When its last request for each inventory was let go, in milliseconds on the run's clock. */
  readonly releasedMs: Map<string, number>;
  /** A raced request was prepared, and has not come to the gate yet. */
  isEntering: boolean;
  /** A raced request is under way. */
  isRacing: boolean;
  hasRehearsed: boolean;
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
  if (isIdle(script)) return { close() {} };
  const run = joinRun();
  const now = clockOf(run);
  const settings = settingsOf(script);
  const tls = tlsOptionsOf(script);
  applySettings(script, settings);
  if (script.config.tls !== undefined) script.config.tls = tlsForEngine(tls);

  const gate: Gate = createGate({
    now,
    wire: settings.wire,
    tls,
    timeoutMs: settings.attemptTimeoutMs,
    maxBodyBytes: settings.maxBodyBytes,
    isPackedWell,
  });
  const { worker, workers } = workerOf(script, settings.contenders);
  const rendezvous = joinMeeting(run, settings, workers);
  const recorder = createRecorder(openHistory(run.historyFile), (error) => {
    Atomics.add(run.counters, COUNTER.lostRecords, 1);
    console.error(`Error: the history could not be written: ${error.message}`);
  });
  recorderOfThread = recorder;
  const channel = headersChannel(run);
  channel.unref();
  Atomics.add(run.counters, COUNTER.openWorkers, 1);

  const isTaken = createFirstLook({ settings, tls, now, told: recorder.readBacks });
  const rehearse = createRehearsal({ settings, now, meet: rendezvous.arrive });
  const readOutcome = outcomeReader(settings.outcome);
  const rounds = createRounds(run.rounds, settings.plan);
  const keys = settings.plan.inventories.map((inventory) => inventory.key);
  const parts = Object.fromEntries(settings.plan.inventories.map((its) => [its.key, placesIn(its)]));
  const contenders = new WeakMap<VuContext, Contender>();
  let zerosEmitted = false;
  let lastRound: number | undefined;

  const join = (context: VuContext, metrics: Metrics, done: Callback): void => {
    const vu = Atomics.add(run.counters, COUNTER.vus, 1) + 1;
    contenders.set(context, {
      vu,
      stock: { http: context._httpAgent, https: context._httpsAgent },
      visits: new Map(),
      releasedMs: new Map(),
      isEntering: false,
      isRacing: false,
      hasRehearsed: false,
    });
    context.vars.$vu = vu;
    context.vars.$vus = settings.plan.contenders;
    context.vars.$inventories = keys;
    context.vars.$parts = parts;
    if (!zerosEmitted) emitZeros(metrics);
    zerosEmitted = true;
    done();
  };

  const leave = (context: VuContext): void => {
    const contender = contenders.get(context);
    if (contender !== undefined) rendezvous.leave(contender.vu);
  };

  const pass = (request: RequestParams, context: VuContext, _metrics: Metrics, done: Callback): void => {
    const contender = contenders.get(context);
    // Beside one that races (`parallel`) and has not left yet, the agents stay: this one passes through the gate unheld.
    if (contender !== undefined && !isRaced(request) && !contender.isEntering) useAgents(context, contender.stock);
    done();
  };

  const hold = (request: RequestParams, context: VuContext, metrics: Metrics, done: Callback): void => {
    const contender = contenders.get(context);
    if (contender === undefined || !isRaced(request)) done();
    else {
      const read = readRaceLine(request.race, context.funcs.$template(request.race));
      const line = contender.isRacing && typeof read !== 'string' ? TWO_AT_ONCE : read;
      if (typeof line !== 'string') {
        enter(request, context, contender, line, metrics);
        done();
      } else {
        recorder.problem(line);
        done(new Error(line));
      }
    }
  };

  /** The request is about to be sent: it goes through the gate, and is held there until the others have come. */
  const enter = (
    request: RequestParams,
    context: VuContext,
    contender: Contender,
    line: RaceLine,
    metrics: Metrics,
  ): void => {
    const { inventory } = line;
    const visit = (contender.visits.get(inventory) ?? 0) + 1;
    contender.visits.set(inventory, visit);
    contender.isEntering = true;
    contender.isRacing = true;
    useAgents(context, { http: gate.httpAgent, https: gate.httpsAgent });
    request.timeout = ENGINE_TIMEOUT_S;
    const point = visitKey(inventory, visit);
    const round = rounds.numberOf(inventory, visit);
    let isStaged = false;
    let plannedAtMs: number | undefined;
    const stagger = staggerOf(line.release ?? settings.release, line.release !== undefined, {
      vu: contender.vu,
      ...rounds.stepOf(inventory, round),
      previousMs: contender.releasedMs.get(inventory),
    });
    const ticket = gate.hold({
      async prepare(its, send) {
        contender.isEntering = false;
        if (await isTaken(inventory, its)) {
          contender.isRacing = false;
          return 'skip';
        }
        if (!contender.hasRehearsed) await rehearse(contender.vu, its, send);
        contender.hasRehearsed = true;
        return 'go';
      },
      staged(release) {
        if (!isStaged) rounds.entered(round);
        isStaged = true;
        const letGo = (atMs?: number) => {
          plannedAtMs = atMs;
          release();
        };
        rendezvous.arrive(point, contender.vu, letGo, stagger);
      },
      released: () => recorder.released(contender.vu),
      whenQuiet: rendezvous.whenQuiet,
      withdrawn: () => rendezvous.withdraw(contender.vu),
      done(exchange) {
        contender.isRacing = false;
        const { releasedAtMs } = exchange.timing;
        if (releasedAtMs === undefined) rendezvous.miss(point, contender.vu);
        else contender.releasedMs.set(inventory, releasedAtMs);
        conclude(exchange, contender.vu, line, round, metrics, plannedAtMs);
        if (isStaged) emitSpread(metrics, rounds.left(round, releasedAtMs));
      },
    });
    request.headers = { ...request.headers, [TICKET_HEADER]: ticket };
  };

  const conclude = (
    exchange: Exchange,
    vu: number,
    line: RaceLine,
    round: number,
    metrics: Metrics,
    plannedAtMs: number | undefined,
  ): void => {
    if (round !== lastRound) channel.postMessage(exchange.request.rawHeaders);
    lastRound = round;
    const { inventory, intent } = line;
    const conclusion = readOutcome(exchange.reply, exchange.request, intent.operation);
    const status = conclusion.outcome === 'info' ? redirectOf(exchange.reply) : undefined;
    if (status !== undefined) recorder.problem(redirected(status));
    const mark = intent.idempotencyKey === undefined ? {} : { fingerprint: fingerprintOf(exchange.request) };
    const thread = workers > 1 ? { thread: worker } : {};
    const plan = plannedAtMs === undefined ? {} : { plannedAtMs };
    recorder.ended(
      { round, inventory, vu, ...thread, ...intent, ...mark, ...plan, ...exchange.timing, ...conclusion },
      metrics,
    );
  };

  hookInto(script, {
    isContender: settings.contenders.areAll ? () => true : hasRacedSteps,
    begin: { raceJoin: join },
    beforeRequest: { racePass: pass },
    beforeRaced: { raceHold: hold },
    end: {
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

/**
 * Whether a worker has nothing to do: the first of them has the whole of a phase with an `arrivalCount`, the others pause for
 * as long, and are started where that is written with its unit (`pause: 500ms`), which Artillery does not take for idle.
 */
const isIdle = ({ config }: ArtilleryScript) => (config.phases ?? []).every((phase) => phase.pause !== undefined);

/** Where the engine (`got`) sends the same request once more, to where it is told: it may book, and nobody holds it back. */
const REDIRECTS = new Set([300, 301, 302, 304, 307, 308]);

const redirectOf = (reply: Reply): number | undefined =>
  reply.kind === 'complete' && REDIRECTS.has(reply.status) && reply.headers.location !== undefined
    ? reply.status
    : undefined;

const redirected = (status: number) =>
  `race: the target redirects the request (${status}), and what follows is not raced; send it where it ends up`;

const TWO_AT_ONCE = 'race: a virtual user can go for one thing at a time; take the raced requests out of "parallel"';

function useAgents(context: VuContext, agents: { readonly http: unknown; readonly https: unknown }): void {
  context._httpAgent = agents.http;
  context._httpsAgent = agents.https;
}

/** What environment variables and the plugin's block change in the script that this worker is about to run. */
function applySettings(script: ArtilleryScript, settings: RunSettings): void {
  const { config } = script;
  config.target = settings.target;
  config.variables = { ...config.variables, ...settings.variables };
  const { arrivals, areAll } = settings.contenders;
  const phase = config.phases?.find((its) => its.arrivalCount !== undefined);
  if (arrivals === undefined || phase === undefined) return;
  phase.arrivalCount = arrivals;
  // Artillery rounds the time between two arrivals down, and so starts 1,501 users where it is told 1,500 in a second.
  phase.maxVusers ??= arrivals;
  // A second is the shortest that can be written: with a unit, Artillery starts idle workers, of 85 MB each. But it is longer
  // than the arrivals take, and all wait for the last of them.
  if (areAll && Number(phase.duration) === 1) phase.duration = '500ms';
}

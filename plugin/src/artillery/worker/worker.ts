import type { RunSettings } from '../../config/index.ts';
import { createGate, type Gate } from '../../gate/index.ts';
import { type Blotter, isPackedWell, openHistory } from '../../recording/index.ts';
import type { ArtilleryScript, Metrics, Scenario } from '../shared/artillery.ts';
import { hasRacedSteps, hasSettlingSteps } from '../shared/raced-steps.ts';
import { refusalChannel } from '../shared/refusals.ts';
import { runBlotter } from '../shared/run-blotter.ts';
import { COUNTER, clockOf, haltChannel, headersChannel, joinRun, type RunContext } from '../shared/run-context.ts';
import { settingsOf } from '../shared/settings.ts';
import { type TlsOptions, tlsOptionsOf } from '../shared/tls.ts';
import type { Turn } from '../shared/turns.ts';
import { changeScript } from './change-script.ts';
import { Contender } from './contender.ts';
import { NOBODY_ASKED, openDesk } from './desk.ts';
import { wrapEngine } from './engine.ts';
import { EngineAgents } from './engine-agents.ts';
import { createHooks, type HookOptions } from './hooks.ts';
import { inTurn } from './in-turn.ts';
import { installHooks } from './install-hooks.ts';
import { inventoryVariable } from './inventory-variable.ts';
import { joinMeeting, workerOf } from './join-meeting.ts';
import { type AttemptMetrics, attemptMetrics } from './metrics.ts';
import { openRace } from './race.ts';
import { missingFunction } from './read-outcome.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { createTraffic } from './traffic.ts';

let recorderOfThread: Recorder | undefined;

/**
 * Puts a message into the history and the report of the run, about something that went wrong around the attempts, such as
 * a refused sign-in. For processors. It keeps the first 500 characters, writes the same message once, and does nothing
 * outside a worker.
 */
export function reportProblem(message: string): void {
  recorderOfThread?.problem({ reason: message });
}

/** Starts the plugin in a worker thread: hooks into every scenario, and returns how to end the race in this thread. */
export function startWorker(script: ArtilleryScript): { close(): Promise<void> } {
  if (isIdle(script)) return IDLE;
  const run = joinRun();
  const settings = settingsOf(script, run.sourced);
  const missing = missingFunction(settings, script.config.processor);
  return missing === undefined ? joinRace(script, run, settings) : refuse(script, run, missing);
}

function joinRace(script: ArtilleryScript, run: RunContext, settings: RunSettings): { close(): Promise<void> } {
  const now = clockOf(run);
  const tls = tlsOptionsOf(script);
  changeScript(script, settings, tls);
  const engineAgents = new EngineAgents();
  const gate = openGate(settings, tls, now, engineAgents);
  const { worker, workers } = workerOf(script, settings.contenders);
  const rendezvous = joinMeeting(run, settings, workers);
  const blotter = runBlotter(run.secrets, settings, script);
  const traffic = createTraffic(blotter);
  const recorder = openRecorder(run, blotter, attemptMetrics(settings.orderVariables));
  recorderOfThread = recorder;
  const headers = headersSender(run);
  const losses = followLosses(run, gate, rendezvous);
  const desk = settings.readBack === undefined ? NOBODY_ASKED : openDesk(run);
  Atomics.add(run.counters, COUNTER.openWorkers, 1);

  const thread = workers > 1 ? worker : undefined;
  const { send: sent } = headers;
  const inventoryOf = inventoryVariable(settings);
  const heard = ({ inventory }: Turn) => inventoryOf.learn(inventory);
  const parts = { script, run, settings, gate, rendezvous, recorder, blotter, desk, thread, sent, heard };
  const race = openRace(parts);
  const newContender = (events: Metrics, scenario: Scenario | undefined) => {
    traffic.listen(events);
    const vu = numberOnAllMachines(run, Atomics.add(run.counters, COUNTER.vus, 1));
    return { vu, contender: new Contender(vu, race, scenario !== undefined && hasSettlingSteps(scenario)) };
  };
  const isContender = settings.contenders.areAll ? () => true : hasRacedSteps;
  const { problem } = recorder;
  const isOver = headCount(run);
  const { learn } = traffic;
  const warn = onceOnStderr();
  const entriesFor = inTurn(settings.inTurn, script.config.variables);
  const told = { learn, problem, isOver, warn, inventoryOf: inventoryOf.of, entriesFor };
  const leaveEngine = joinEngine(script, { settings, now, isContender, newContender, engineAgents, ...told });

  return {
    async close() {
      leaveEngine();
      for (const part of [gate, rendezvous, race]) part.close();
      await recorder.close();
      for (const part of [headers, desk, losses]) part.close();
      Atomics.sub(run.counters, COUNTER.openWorkers, 1);
      Atomics.notify(run.counters, COUNTER.openWorkers);
    },
  };
}

/** Virtual users are numbered from 1 across machines: the first ones of each machine, then the second ones … */
const numberOnAllMachines = ({ machine, machines }: RunContext, before: number): number => before * machines + machine;

/** Gives up what was not released yet, once a machine is lost. */
function followLosses(run: RunContext, gate: Gate, rendezvous: { giveUp(): void }): { close(): void } {
  const channel = haltChannel(run);
  channel.unref();
  channel.onmessage = () => {
    gate.abandon();
    rendezvous.giveUp();
  };
  return { close: () => channel.close() };
}

/** A worker without contenders. */
const IDLE = { close: async () => {} };

/** Tells the launcher what is wrong. It ends the process; until then, no virtual user of this worker starts. */
function refuse({ config }: ArtilleryScript, run: RunContext, problem: string): typeof IDLE {
  config.phases = [{ pause: 60 }];
  const channel = refusalChannel(run);
  channel.postMessage(problem);
  channel.unref();
  return IDLE;
}

/**
 * With an `arrivalCount`, Artillery gives the whole phase to the first worker; the others pause for as long. It starts
 * those others only where the pause has a unit (`pause: 500ms`).
 */
const isIdle = ({ config }: ArtilleryScript) => (config.phases ?? []).every((phase) => phase.pause !== undefined);

/** Says each sentence once. */
function onceOnStderr(): (message: string) => void {
  const said = new Set<string>();
  return (message) => {
    if (!said.has(message)) console.error(`Warning: ${message}`);
    said.add(message);
  };
}

/** @returns a function that takes the plugin out of Artillery's engine again */
function joinEngine(script: ArtilleryScript, options: HookOptions): () => void {
  const { around, ...hooks } = createHooks(options);
  installHooks(script, hooks);
  return wrapEngine(around);
}

/** Counts those that an error ends before anybody was released, and tells the launcher when too few of them are left. */
function headCount({ counters, machines, racers = Infinity }: RunContext): () => boolean {
  return () => {
    if (Atomics.load(counters, COUNTER.released) > 0) return false;
    const left = racers - Atomics.add(counters, COUNTER.gone, 1) - 1;
    // One of each machine is enough for a race.
    if (left >= (machines > 1 ? 1 : 2)) return false;
    Atomics.store(counters, COUNTER.alone, 1);
    Atomics.notify(counters, COUNTER.alone);
    return true;
  };
}

function openGate(settings: RunSettings, tls: TlsOptions, now: () => number, others: EngineAgents): Gate {
  const { attemptTimeoutMs: timeoutMs, maxBodyBytes, wire } = settings;
  return createGate({
    now,
    wire,
    tls,
    timeoutMs,
    maxBodyBytes,
    closeOthers: () => others.closeIdle(),
    isPackedWell: (body, headers) => isPackedWell(body, headers, maxBodyBytes),
  });
}

function openRecorder({ historyFile, counters }: RunContext, blotter: Blotter, emitted: AttemptMetrics): Recorder {
  return createRecorder(openHistory(historyFile), blotter, emitted, (error) => {
    // Once is enough: on a full disk, every later record is lost, too.
    if (Atomics.add(counters, COUNTER.lostRecords, 1) > 0) return;
    console.error(`Error: the history could not be written: ${error.message}`);
  });
}

/** Sends the launcher the headers of one contender in each round, for the read-back at the end. */
function headersSender(run: RunContext) {
  const channel = headersChannel(run);
  channel.unref();
  let lastRound: number | undefined;
  return {
    send(round: number, rawHeaders: readonly string[]): void {
      if (round !== lastRound) channel.postMessage(rawHeaders);
      lastRound = round;
    },
    close: () => channel.close(),
  };
}

import { operationOf } from '../../../../model/index.ts';
import type { RunSettings } from '../../config/index.ts';
import type { Exchange, Gate } from '../../gate/index.ts';
import {
  type AnswerRules,
  type Blotter,
  createRequestKeeper,
  gainedReader,
  rulesFor,
  settledReader,
} from '../../recording/index.ts';
import type { Rendezvous } from '../../rendezvous/index.ts';
import type { ArtilleryScript, Metrics } from '../shared/artillery.ts';
import { canPassAgain } from '../shared/passes.ts';
import { racesInTurn } from '../shared/raced-steps.ts';
import { COUNTER, clockOf, type RunContext } from '../shared/run-context.ts';
import type { Turn } from '../shared/turns.ts';
import { attemptOf } from './attempt.ts';
import type { ReadBackDesk } from './desk.ts';
import type { EndedRequest } from './ended-request.ts';
import { createIdentities } from './identities.ts';
import { divideOver } from './instances.ts';
import { createNextPass, NO_NEXT_PASS } from './next-pass.ts';
import { createOnce } from './once.ts';
import { createQueue } from './queue.ts';
import type { Race } from './race-parts.ts';
import { readOutcomeBy } from './read-outcome.ts';
import type { Recorder } from './recorder.ts';
import { createRehearsal } from './rehearsal.ts';
import { createRounds } from './rounds.ts';
import { createSettling } from './settling.ts';
import { createSharedAnswers } from './shared-answers.ts';
import { newTrace } from './trace.ts';
import { openTurns } from './turns.ts';

export interface RaceParts {
  readonly script: ArtilleryScript;
  readonly run: RunContext;
  readonly settings: RunSettings;
  readonly gate: Gate;
  readonly rendezvous: Rendezvous;
  readonly recorder: Recorder;
  readonly blotter: Blotter;
  readonly desk: ReadBackDesk;
  /** The number of this worker; undefined if only one has contenders. */
  readonly thread: number | undefined;
  /** Told each turn, where rounds repeat, before any contender goes on. */
  readonly heard: (turn: Turn) => void;
  /** Told the headers of raced requests, names and values in turn. */
  readonly sent: (round: number, rawHeaders: readonly string[]) => void;
}

/** Rounds that repeat go on for hours, all contenders are in step, and answers may be large. */
const KEPT_ANSWERS = 2;

/** What the contenders of this worker share, made of the parts of the worker. */
export function openRace(parts: RaceParts): Race & { close(): void } {
  const { script, run, settings, gate, rendezvous, recorder, blotter, desk, sent, heard } = parts;
  const { plan, keys, readBack, release, maxBodyBytes } = settings;
  const now = clockOf(run);
  const instances = divideOver(plan);
  const { record, settling } = openRecords(parts, instances.originFor);
  const shared = createSharedAnswers(run, now, plan.repeat === undefined ? Infinity : KEPT_ANSWERS);
  const isLost = () => Atomics.load(run.counters, COUNTER.lost) > 0;
  const isOver = () => Atomics.load(run.counters, COUNTER.over) > 0;
  const { readBackNow } = desk;
  const turns = plan.repeat === undefined ? undefined : openTurns(run, heard);
  const { problem } = recorder;
  const markReleased = () => void Atomics.store(run.counters, COUNTER.released, 1);
  // On several machines, no launcher sees all attempts before the end.
  const hasNextPass = plan.repeat === undefined && readBack !== undefined && run.machines === 1 && canPassAgain(script);
  return {
    release,
    gate,
    rendezvous,
    rounds: createRounds(run.rounds, plan, isLost),
    inventories: keys,
    placeFor: instances.placeFor,
    nextPass: hasNextPass ? createNextPass(run.passes, keys, rendezvous.arrive) : NO_NEXT_PASS,
    learn: (request) => blotter.sent(request),
    traceHeaders: settings.traces ? newTrace : () => [],
    releases: () => (plan.anyItem === true ? Atomics.load(run.counters, COUNTER.releases) : undefined),
    turns,
    racesInTurn: racesInTurn(script),
    queue: plan.oneAtATime === true ? createQueue(run) : undefined,
    isTaken: (inventory, { rawHeaders }, visit) => desk.isTaken(inventory, rawHeaders, visit),
    rehearse: createRehearsal({ settings, now, rendezvous }),
    released(vu) {
      markReleased();
      recorder.released(vu);
    },
    ended(request, isKept, metrics) {
      // `released` is not called for an answer that was there at once.
      if (request.exchange.timing.releasedAtMs !== undefined) markReleased();
      sent(request.round, request.exchange.request.rawHeaders);
      if (!isKept) return record(request, metrics);
      recorder.answered(request.vu);
      settling.keep(request, metrics);
    },
    sendOnce: createOnce({ shared, readBackNow, problem, maxBodyBytes, isLost, isOver, blotter }),
    settling,
    close() {
      shared.close();
      turns?.close();
      settling.close();
    },
  };
}

/** How attempts get into the history: at once, or after another request has decided them. */
function openRecords(
  { script, run, settings, recorder, blotter, thread }: RaceParts,
  originFor: ReturnType<typeof divideOver>['originFor'],
) {
  const { outcome, maxBodyBytes } = settings;
  const identityOf = createIdentities();
  const requestOf = createRequestKeeper(blotter);
  const readOutcome = readOutcomeBy(settings, script.config.processor, recorder.problem, blotter);
  const readDecision = settledReader(outcome, maxBodyBytes, blotter);
  const gainedFrom = gainedReader(outcome, maxBodyBytes, blotter);
  const record = (request: EndedRequest, metrics: Metrics): void => {
    const { reply } = request.exchange;
    const read = () =>
      attemptOf(request, readOutcome, { blotter, thread, instance: originFor(request.vu), identityOf, requestOf });
    recorder.ended(request.vu, read, metrics, reply.kind === 'broken' ? 0 : reply.bodyBytes);
    Atomics.add(run.counters, COUNTER.ended, 1);
  };
  const readFor = ({ reply, request }: Exchange, { round, vu, line: { inventory, intent } }: EndedRequest) =>
    readOutcome(reply, request, { round, inventory, vu, ...intent });
  const settling = createSettling({
    now: clockOf(run),
    read: (ended) => readFor(ended.exchange, ended),
    async decisionOf(exchange, ended) {
      const operation = operationOf(ended.line.intent);
      if (!isByFunction(rulesFor(outcome, operation))) {
        const decision = readDecision(exchange.reply, exchange.request, operation);
        // What the deciding answer does not say comes from the first one.
        if (decision?.outcome !== 'ok') return decision;
        const gained = gainedFrom(ended.exchange.reply, operation);
        return gained && { ...gained, ...decision };
      }
      const conclusion = await readFor(exchange, ended);
      return conclusion.outcome === 'info' ? undefined : conclusion;
    },
    pass: record,
  });
  return { record, settling };
}

/** Conditions of its own say that the usual function is not about the answers that decide. */
const isByFunction = ({ function: name, settled = {} }: AnswerRules): boolean =>
  name !== undefined && settled.success === undefined && settled.refusal === undefined;

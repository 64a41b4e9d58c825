import { MACHINE_LOST } from '../../../../model/index.ts';
import type { AnyLine, InventoryKey, OnceLine, RaceLine, ReleaseSettings, SettlesLine } from '../../config/index.ts';
import {
  type Agents,
  type Exchange,
  type ExchangeTiming,
  type Gate,
  type Holder,
  type OutgoingRequest,
  type Reply,
  type SendAnother,
  UNHELD,
} from '../../gate/index.ts';
import type { Rendezvous } from '../../rendezvous/index.ts';
import type { Metrics } from '../shared/artillery.ts';
import { ANYWHERE } from '../shared/meeting.ts';
import { visitKey } from '../shared/round-table.ts';
import type { EndedRequest } from './ended-request.ts';
import { emitSpread } from './metrics.ts';
import type { NextPass } from './next-pass.ts';
import type { SendOnce } from './once.ts';
import type { Rounds } from './rounds.ts';
import type { Settling } from './settling.ts';
import { Setup } from './setup.ts';
import { staggerOf } from './stagger.ts';

/** What the contenders of one worker share. */
export interface Race {
  /** How contenders are released, unless their `race:` line says otherwise. */
  readonly release: ReleaseSettings;
  readonly gate: Pick<Gate, 'hold'>;
  readonly rendezvous: Rendezvous;
  readonly rounds: Rounds;
  /** The contender is about to race this request, whose secrets are to be kept. */
  learn(request: OutgoingRequest): void;
  /** Whether an inventory was taken before the race; never rejects. */
  isTaken(inventory: string, request: OutgoingRequest): Promise<boolean>;
  /** Warms everything up, with the other contenders; never rejects. */
  rehearse(vu: number, request: OutgoingRequest, send: SendAnother): Promise<void>;
  /** The request of this contender was released. */
  released(vu: number): void;
  /**
   * The attempt is over: for the history and the metrics.
   *
   * @param isKept a later request may decide it, so the history waits
   */
  ended(ended: EndedRequest, isKept: boolean, metrics: Metrics): void;
  /** The planned inventories, in order; empty where the suite does not say. */
  readonly inventories: readonly InventoryKey[];
  readonly nextPass: NextPass;
  /** The server that a contender goes to; undefined: the target. */
  placeFor(vu: number): Holder['instance'];
  /** How many releases there were, where contenders go for whatever they like; undefined elsewhere. */
  releases(): number | undefined;
  readonly sendOnce: SendOnce;
  readonly settling: Settling;
}

/** Where a contender's raced request is. */
type Stage =
  /** The contender has no raced request under way. */
  | { readonly at: 'nowhere' }
  /** The hooks have run; Artillery's engine has not sent the request yet. */
  | { readonly at: 'engine' }
  /** The gate has it. */
  | { readonly at: 'gate' }
  /** It waits for the other contenders: first with nothing on the wire, then with everything but the last byte. */
  | { readonly at: 'rendezvous' }
  /** Released: complete on the wire, until the exchange is over. */
  | { readonly at: 'target'; readonly plannedAtMs: number | undefined };

/** A raced request that got no whole answer, or one that prepares a round and did not get the right one. */
export interface Broken {
  readonly line: AnyLine;
  readonly why: 'not prepared' | 'not sent' | 'timeout' | 'connection';
}

/** What the gate must know about the engine that sent a raced request. */
export type EngineSide = Pick<Holder, 'cookies' | 'isFor' | 'passing'>;

/** One visit of a contender to an inventory. */
interface Visit {
  readonly line: RaceLine;
  readonly round: number;
  /** Where the contenders of this round meet. */
  readonly point: string;
  readonly metrics: Metrics;
}

/** One virtual user's way through the rounds: one raced request after the other, each held until all can go. */
export class Contender {
  /** What it goes for, in order. The list grows where something is raced again. */
  readonly inventories: InventoryKey[];
  readonly #vu: number;
  readonly #race: Race;
  /** How often it has gone for each inventory. */
  readonly #visits = new Map<string, number>();
  /** When its last request for each inventory was released, in milliseconds on the run's clock. */
  readonly #releasedMs = new Map<string, number>();
  /** The inventories that it is done with. */
  readonly #done = new Set<string>();
  /** How often it has come to each meeting place. */
  readonly #meetings = new Map<string, number>();
  /** What it has gone for since the last meeting. */
  #raced: string | undefined;
  readonly #setup = new Setup();
  readonly #isSettled: boolean;
  #hasRehearsed = false;
  #broken: Broken | undefined;
  #timing: ExchangeTiming | undefined;
  #stage: Stage = { at: 'nowhere' };

  /**
   * @param vu the number of the virtual user in the run, from 1
   * @param isSettled whether its flow has requests that decide earlier attempts
   */
  constructor(vu: number, race: Race, isSettled = false) {
    this.#vu = vu;
    this.#race = race;
    this.#isSettled = isSettled;
    this.inventories = [...race.inventories];
  }

  /** A raced request is under way. */
  get isRacing(): boolean {
    return this.#stage.at !== 'nowhere';
  }

  /** A raced request was prepared, and Artillery's engine has not sent it yet. */
  get isEntering(): boolean {
    return this.#stage.at === 'engine';
  }

  /** Its latest request with a `race:` line, if that broke. */
  get broken(): Broken | undefined {
    return this.#broken;
  }

  /** When its latest raced request was released and answered; undefined until it is over. */
  get timing(): ExchangeTiming | undefined {
    return this.#timing;
  }

  /** It has gone for everything that was planned, or for anything where nothing was. */
  get isThrough(): boolean {
    return this.#done.size >= Math.max(1, this.#race.inventories.length);
  }

  /** It has gone for something. */
  get hasRaced(): boolean {
    return this.#visits.size > 0;
  }

  /** Nobody is released any more. */
  get isStopped(): boolean {
    return this.stoppedBecause !== undefined;
  }

  /** Why nobody is released any more; undefined where somebody may be. */
  get stoppedBecause(): string | undefined {
    return this.#race.rounds.stoppedBecause();
  }

  /**
   * The contender is about to send a request with a `race:` line.
   *
   * @param engine what the engine does with the answer
   * @returns the agents through which the request must come to the gate
   */
  enter(line: AnyLine, metrics: Metrics, engine: EngineSide = {}): Agents {
    this.#stage = { at: 'engine' };
    this.#timing = undefined;
    const { gate } = this.#race;
    const { passing, isFor } = engine;
    if ('once' in line)
      return gate.hold({ ...answeredBy((request, send) => this.#meet(line, request, send)), passing, isFor });
    if ('settles' in line)
      return gate.hold({ ...answeredBy((request, send) => this.#settle(line, request, send)), passing, isFor });
    this.#broken = undefined;
    const { inventory } = line;
    const number = countUp(this.#visits, inventory);
    this.#race.settling.giveUp(this.#vu, inventory);
    const releases = this.#race.releases();
    // Whoever goes for the same thing in the same release is in the same round, however often each went for it before.
    const round = this.#race.rounds.numberOf(inventory, releases === undefined ? number : releases + 1);
    const point = releases === undefined ? visitKey(inventory, number) : ANYWHERE;
    const instance = this.#race.placeFor(this.#vu);
    return gate.hold({ ...this.#holderFor({ line, round, point, metrics }), ...engine, instance });
  }

  /** The virtual user ends, so the others no longer wait for it. */
  leave(): void {
    this.#race.rendezvous.leave(this.#vu);
    this.#race.settling.giveUp(this.#vu);
  }

  /** Waits for the others; one sends the request, and all get its answer. */
  async #meet(line: OnceLine, request: OutgoingRequest, send: SendAnother): Promise<Exchange> {
    this.#stage = { at: 'gate' };
    const { rendezvous, sendOnce } = this.#race;
    const name = `once ${visitKey(line.once, countUp(this.#meetings, line.once))}`;
    const point = this.#race.releases() === undefined ? name : 'once';
    if (this.stoppedBecause !== MACHINE_LOST)
      await new Promise<void>((letGo) => rendezvous.arrive(point, this.#vu, () => letGo()));
    const raced = this.#raced;
    this.#raced = undefined;
    const { exchange, isFine } = await sendOnce({ name, line, raced }, request, send);
    this.#setup.prepared(isFine);
    this.#broken = isFine ? undefined : { line, why: 'not prepared' };
    this.#stage = { at: 'nowhere' };
    return exchange;
  }

  async #settle(line: SettlesLine, request: OutgoingRequest, send: SendAnother): Promise<Exchange> {
    this.#stage = { at: 'gate' };
    const exchange = await this.#race.settling.settle(this.#vu, line, request, () => send(request, UNHELD));
    this.#stage = { at: 'nowhere' };
    return exchange;
  }

  #holderFor(visit: Visit): Holder {
    const { released, rendezvous } = this.#race;
    const stagger = this.#staggerOf(visit);
    return {
      prepare: (request, send) => this.#prepare(visit, request, send),
      gather: (stage, release) => {
        this.#race.rounds.entered(visit.round);
        const waiting: Stage = { at: 'rendezvous' };
        this.#stage = waiting;
        const letGo = (plannedAtMs?: number) => {
          if (this.#stage === waiting) this.#stage = { at: 'target', plannedAtMs };
          release();
        };
        rendezvous.arrive(visit.point, this.#vu, letGo, { stagger, stage });
      },
      staged: () => rendezvous.staged(this.#vu),
      released: () => released(this.#vu),
      whenQuiet: rendezvous.whenQuiet,
      withdrawn: () => rendezvous.withdraw(this.#vu),
      done: (exchange) => this.#end(visit, exchange),
      untilPassedOn: () => this.#untilPassedOn(visit),
    };
  }

  #staggerOf({ line, round }: Visit) {
    return staggerOf(line.release ?? this.#race.release, line.release !== undefined, {
      vu: this.#vu,
      ...this.#race.rounds.stepOf(line.inventory, round),
      previousMs: this.#releasedMs.get(line.inventory),
    });
  }

  async #prepare({ line }: Visit, request: OutgoingRequest, send: SendAnother): Promise<'go' | 'skip'> {
    this.#stage = { at: 'gate' };
    this.#race.learn(request);
    const isPrepared = this.#setup.raced();
    if (this.isStopped || !isPrepared || (await this.#race.isTaken(line.inventory, request))) {
      this.#done.add(line.inventory);
      this.#broken = { line, why: 'not sent' };
      this.#stage = { at: 'nowhere' };
      return 'skip';
    }
    if (!this.#hasRehearsed) await this.#race.rehearse(this.#vu, request, send);
    this.#hasRehearsed = true;
    this.#raced = line.inventory;
    return 'go';
  }

  async #untilPassedOn({ round, line: { inventory } }: Visit): Promise<void> {
    await this.#race.rounds.untilHeard(round);
    if (!this.isStopped) await this.#race.nextPass.after(this.#vu, inventory, this.inventories);
  }

  #end({ line, round, point, metrics }: Visit, exchange: Exchange): void {
    this.#done.add(line.inventory);
    const stage = this.#stage;
    this.#stage = { at: 'nowhere' };
    this.#broken = brokenBy(line, exchange.reply);
    this.#timing = exchange.timing;
    const { releasedAtMs } = exchange.timing;
    if (releasedAtMs === undefined) this.#race.rendezvous.miss(point, this.#vu);
    else this.#releasedMs.set(line.inventory, releasedAtMs);
    const plannedAtMs = stage.at === 'target' ? stage.plannedAtMs : undefined;
    const ended = { vu: this.#vu, round, line, exchange, ...(plannedAtMs !== undefined && { plannedAtMs }) };
    this.#race.ended(ended, this.#isSettled, metrics);
    const hasEntered = stage.at === 'rendezvous' || stage.at === 'target';
    if (hasEntered) emitSpread(metrics, this.#race.rounds.left(round, releasedAtMs, exchange.reply.kind !== 'broken'));
  }
}

function brokenBy(line: RaceLine, reply: Reply): Broken | undefined {
  if (reply.kind === 'complete' || (reply.kind === 'partial' && reply.rest !== undefined)) return undefined;
  return { line, why: reply.failure === 'timeout' ? 'timeout' : 'connection' };
}

/** A holder whose request is not sent: the engine gets the answer of this exchange. */
const answeredBy = (prepare: (request: OutgoingRequest, send: SendAnother) => Promise<Exchange>): Holder => ({
  ...UNHELD,
  prepare,
});

function countUp(counts: Map<string, number>, key: string): number {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
}

import { MACHINE_LOST } from '../../../../model/index.ts';
import type { AnyLine, InventoryKey, OnceLine, RaceLine, SettlesLine } from '../../config/index.ts';
import {
  type Agents,
  type Exchange,
  type ExchangeTiming,
  type Holder,
  type OutgoingRequest,
  type Reply,
  type SendAnother,
  UNHELD,
} from '../../gate/index.ts';
import type { Metrics } from '../shared/artillery.ts';
import { ANYWHERE } from '../shared/meeting.ts';
import { visitKey } from '../shared/round-table.ts';
import type { Turn } from '../shared/turns.ts';
import { emitSpread } from './metrics.ts';
import type { Race } from './race-parts.ts';
import { Setup } from './setup.ts';
import { staggerOf } from './stagger.ts';
import { Walk } from './walk.ts';

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
  /** The turn that it belongs to, where rounds repeat. */
  readonly turn: Turn | undefined;
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
  /** What it has gone for since the last meeting, and when that was over, in milliseconds on the run's clock. */
  readonly #raced = new Map<string, number>();
  readonly #setup = new Setup();
  readonly #isSettled: boolean;
  /** Where it is among rounds that repeat. */
  readonly #walk: Walk | undefined;
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
    this.#walk = race.turns && new Walk(vu, race.turns, race);
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
    if (this.#walk !== undefined) return this.#walk.isOver;
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
    const [{ gate }, { passing, isFor }] = [this.#race, engine];
    if ('once' in line)
      return gate.hold({ ...answeredBy((request, send) => this.#meet(line, request, send)), passing, isFor });
    if ('settles' in line)
      return gate.hold({ ...answeredBy((request, send) => this.#settle(line, request, send)), passing, isFor });
    this.#broken = undefined;
    this.#race.settling.giveUp(this.#vu, line.inventory);
    const holder = this.#holderFor(this.#visit(line, metrics));
    return gate.hold({ ...holder, ...engine, instance: this.#race.placeFor(this.#vu) });
  }

  #visit(line: RaceLine, metrics: Metrics): Visit {
    const { inventory } = line;
    const number = countUp(this.#visits, inventory);
    const turn = this.#walk?.turn;
    const ofTurn = this.#walk?.roundNow();
    if (ofTurn !== undefined) return { line, metrics, turn, round: ofTurn, point: visitKey(inventory, ofTurn) };
    const releases = this.#race.releases();
    // Whoever goes for the same thing in the same release is in the same round, however often each went for it before.
    const round = this.#race.rounds.numberOf(inventory, releases === undefined ? number : releases + 1);
    const point = releases === undefined ? visitKey(inventory, number) : ANYWHERE;
    return { line, metrics, turn, round, point };
  }

  /** Whether rounds repeat: then {@link nextTurn} says what each turn of the loop over all inventories is about. */
  get repeats(): boolean {
    return this.#walk !== undefined;
  }

  /**
   * A turn of the loop over all inventories begins: waits for the others, and until the turn before is judged.
   *
   * @returns the inventory that it is about; undefined: the race is over
   */
  async nextTurn(): Promise<InventoryKey | undefined> {
    this.#race.settling.giveUp(this.#vu);
    return this.#walk?.next(this.inventories, this.isStopped);
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
    const raced = [...this.#raced].map(([inventory, completedAtMs]) => ({ inventory, completedAtMs }));
    this.#raced.clear();
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
    /** One after the other: sends the last byte. */
    let send: (() => void) | undefined;
    return {
      prepare: (request, send) => this.#prepare(visit, request, send),
      addHeaders: this.#race.traceHeaders,
      gather: (stage, release) => {
        this.#race.rounds.entered(visit.round);
        const waiting: Stage = { at: 'rendezvous' };
        this.#stage = waiting;
        const letGo = (plannedAtMs?: number) => {
          if (this.#stage === waiting) this.#stage = { at: 'target', plannedAtMs };
          release();
        };
        const { queue } = this.#race;
        if (queue === undefined) return rendezvous.arrive(visit.point, this.#vu, letGo, { stagger, stage });
        // Whoever waits in the queue holds nothing at the target.
        send = letGo;
        rendezvous.arrive(visit.point, this.#vu, () => void queue.enter(this.#vu).then(stage));
      },
      staged: () => (send === undefined ? rendezvous.staged(this.#vu) : send()),
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

  async #prepare({ line, turn }: Visit, request: OutgoingRequest, send: SendAnother): Promise<'go' | 'skip'> {
    this.#stage = { at: 'gate' };
    this.#race.learn(request);
    const isPrepared = this.#setup.raced();
    if (this.isStopped || !isPrepared || (await this.#race.isTaken(line.inventory, request, turn?.visit))) {
      this.#done.add(line.inventory);
      this.#broken = { line, why: 'not sent' };
      this.#stage = { at: 'nowhere' };
      return 'skip';
    }
    if (!this.#hasRehearsed) await this.#race.rehearse(this.#vu, request, send);
    this.#hasRehearsed = true;
    return 'go';
  }

  async #untilPassedOn({ round, line: { inventory } }: Visit): Promise<void> {
    await this.#race.rounds.untilHeard(round);
    if (!this.isStopped) await this.#race.nextPass.after(this.#vu, inventory, this.inventories);
  }

  #end({ line, round, turn, point, metrics }: Visit, exchange: Exchange): void {
    this.#race.queue?.leave(this.#vu);
    this.#done.add(line.inventory);
    this.#raced.set(line.inventory, exchange.timing.completedAtMs);
    const stage = this.#stage;
    this.#stage = { at: 'nowhere' };
    this.#broken = brokenBy(line, exchange.reply);
    this.#timing = exchange.timing;
    const { releasedAtMs } = exchange.timing;
    if (releasedAtMs === undefined) this.#race.rendezvous.miss(point, this.#vu);
    else this.#releasedMs.set(line.inventory, releasedAtMs);
    const plannedAtMs = stage.at === 'target' ? stage.plannedAtMs : undefined;
    const ended = {
      vu: this.#vu,
      round,
      ...(turn && { visit: turn.visit }),
      line,
      exchange,
      ...(plannedAtMs !== undefined && { plannedAtMs }),
    };
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

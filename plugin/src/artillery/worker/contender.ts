import type { InventoryKey, RaceLine, ReleaseSettings } from '../../config/index.ts';
import type { Exchange, Gate, Holder, OutgoingRequest, Reply, SendAnother } from '../../gate/index.ts';
import type { Rendezvous } from '../../rendezvous/index.ts';
import type { Metrics } from '../shared/artillery.ts';
import { visitKey } from '../shared/round-table.ts';
import { emitSpread } from './metrics.ts';
import type { NextPass } from './next-pass.ts';
import type { Rounds } from './rounds.ts';
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
  /** The attempt is over: for the history and the metrics. */
  ended(ended: EndedRequest, metrics: Metrics): void;
  /** The planned inventories, in order; empty where the suite does not say. */
  readonly inventories: readonly InventoryKey[];
  readonly nextPass: NextPass;
}

/** A raced request and its answer. */
export interface EndedRequest {
  readonly vu: number;
  readonly round: number;
  readonly line: RaceLine;
  readonly exchange: Exchange;
  /** The instant that was planned for its release, in milliseconds on the run's clock; absent without a plan. */
  readonly plannedAtMs?: number;
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

/** A raced request that got no whole answer. */
export interface Broken {
  /** What it went for. */
  readonly line: RaceLine;
  readonly why: 'not sent' | 'timeout' | 'connection';
}

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
  #hasRehearsed = false;
  #broken: Broken | undefined;
  #stage: Stage = { at: 'nowhere' };

  /** @param vu the number of the virtual user in the run, from 1 */
  constructor(vu: number, race: Race) {
    this.#vu = vu;
    this.#race = race;
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

  /** Its latest raced request, if that got no whole answer. */
  get broken(): Broken | undefined {
    return this.#broken;
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
    return this.#race.rounds.isStopped();
  }

  /**
   * The contender is about to send a raced request.
   *
   * @returns the ticket with which the request must come to the gate
   */
  enter(line: RaceLine, metrics: Metrics): string {
    const { inventory } = line;
    const number = (this.#visits.get(inventory) ?? 0) + 1;
    this.#visits.set(inventory, number);
    this.#stage = { at: 'engine' };
    this.#broken = undefined;
    const round = this.#race.rounds.numberOf(inventory, number);
    return this.#race.gate.hold(this.#holderFor({ line, round, point: visitKey(inventory, number), metrics }));
  }

  /** The virtual user ends, so the others no longer wait for it. */
  leave(): void {
    this.#race.rendezvous.leave(this.#vu);
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
    if (this.isStopped || (await this.#race.isTaken(line.inventory, request))) {
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

  #end({ line, round, point, metrics }: Visit, exchange: Exchange): void {
    this.#done.add(line.inventory);
    const stage = this.#stage;
    this.#stage = { at: 'nowhere' };
    this.#broken = brokenBy(line, exchange.reply);
    const { releasedAtMs } = exchange.timing;
    if (releasedAtMs === undefined) this.#race.rendezvous.miss(point, this.#vu);
    else this.#releasedMs.set(line.inventory, releasedAtMs);
    const plannedAtMs = stage.at === 'target' ? stage.plannedAtMs : undefined;
    this.#race.ended(
      { vu: this.#vu, round, line, exchange, ...(plannedAtMs !== undefined && { plannedAtMs }) },
      metrics,
    );
    const hasEntered = stage.at === 'rendezvous' || stage.at === 'target';
    if (hasEntered) emitSpread(metrics, this.#race.rounds.left(round, releasedAtMs, exchange.reply.kind !== 'broken'));
  }
}

function brokenBy(line: RaceLine, reply: Reply): Broken | undefined {
  if (reply.kind === 'complete') return undefined;
  return { line, why: reply.failure === 'timeout' ? 'timeout' : 'connection' };
}

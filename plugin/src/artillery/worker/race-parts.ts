import type { InventoryKey, ReleaseSettings } from '../../config/index.ts';
import type { Gate, Holder, OutgoingRequest, SendAnother } from '../../gate/index.ts';
import type { Rendezvous } from '../../rendezvous/index.ts';
import type { Metrics } from '../shared/artillery.ts';
import type { EndedRequest } from './ended-request.ts';
import type { NextPass } from './next-pass.ts';
import type { SendOnce } from './once.ts';
import type { Queue } from './queue.ts';
import type { Rounds } from './rounds.ts';
import type { Settling } from './settling.ts';
import type { Turns } from './turns.ts';

/** What the contenders of one worker share. */
export interface Race {
  /** How contenders are released, unless their `race:` line says otherwise. */
  readonly release: ReleaseSettings;
  readonly gate: Pick<Gate, 'hold'>;
  readonly rendezvous: Rendezvous;
  readonly rounds: Rounds;
  /** The contender is about to race this request, whose secrets are to be kept. */
  learn(request: OutgoingRequest): void;
  /** The headers by which a raced request is traced. */
  traceHeaders(request: OutgoingRequest): readonly string[];
  /** Whether an inventory was taken before the race; never rejects. */
  isTaken(inventory: string, request: OutgoingRequest, visit: number | undefined): Promise<boolean>;
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
  /** What comes next where rounds repeat; undefined: they do not. */
  readonly turns: Turns | undefined;
  /** How many raced requests a turn has at most. */
  readonly racesInTurn: number;
  /** All attempts go one after the other. */
  readonly queue: Queue | undefined;
  /** The server that a contender goes to; undefined: the target. */
  placeFor(vu: number): Holder['instance'];
  /** How many releases there were, where contenders go for whatever they like; undefined elsewhere. */
  releases(): number | undefined;
  readonly sendOnce: SendOnce;
  readonly settling: Settling;
}

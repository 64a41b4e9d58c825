import { setTimeout as sleep } from 'node:timers/promises';
import type { Conclusion } from '../../../../model/index.ts';
import type { SettlesLine } from '../../config/index.ts';
import type { Exchange, OutgoingRequest } from '../../gate/index.ts';
import type { Metrics } from '../shared/artillery.ts';
import type { EndedRequest } from './ended-request.ts';

/** Keeps attempts back until another request has decided them. */
export interface Settling {
  /** The attempt is over, and a later request of the same virtual user may decide it. */
  keep(ended: EndedRequest, metrics: Metrics): void;
  /**
   * Sends a request again and again until its answer decides the attempt. An attempt that was refused stays as it is, and so
   * does one that nobody made: then it is sent once.
   *
   * @returns the last exchange; never rejects
   */
  settle(vu: number, line: SettlesLine, request: OutgoingRequest, send: () => Promise<Exchange>): Promise<Exchange>;
  /** The virtual user goes for this inventory again, or ends: nothing decides its attempts any more. */
  giveUp(vu: number, inventory?: string): void;
  /** Gives up all attempts. */
  close(): void;
}

export interface SettlingOptions {
  readonly now: () => number;
  /** What the answer to the attempt itself means. */
  readonly read: (ended: EndedRequest) => Conclusion | Promise<Conclusion>;
  /** What an answer says about the attempt; undefined where it decides nothing. */
  readonly decisionOf: (exchange: Exchange, ended: EndedRequest) => Promise<Conclusion | undefined>;
  /** Takes an attempt that is not kept back any more. */
  readonly pass: (ended: EndedRequest, metrics: Metrics) => void;
}

interface Kept {
  readonly ended: EndedRequest;
  readonly metrics: Metrics;
}

export function createSettling({ now, read, decisionOf, pass }: SettlingOptions): Settling {
  /** By virtual user, then by inventory. */
  const kept = new Map<number, Map<string, Kept>>();
  let isClosed = false;

  const passOn = (vu: number, inventory: string, known: Pick<EndedRequest, 'read' | 'settled'> = {}): void => {
    const attempt = kept.get(vu)?.get(inventory);
    kept.get(vu)?.delete(inventory);
    if (attempt !== undefined) pass({ ...attempt.ended, ...known }, attempt.metrics);
  };
  const giveUp = (vu: number, inventory?: string): void => {
    for (const key of inventory === undefined ? [...(kept.get(vu)?.keys() ?? [])] : [inventory]) passOn(vu, key);
  };

  return {
    keep(ended, metrics) {
      const { vu, line } = ended;
      giveUp(vu, line.inventory);
      const ofUser = kept.get(vu) ?? new Map<string, Kept>();
      kept.set(vu, ofUser.set(line.inventory, { ended, metrics }));
      if (isClosed) giveUp(vu);
    },
    async settle(vu, { settles, everyMs, withinMs }, request, send) {
      const attempt = kept.get(vu)?.get(settles);
      const first = attempt && (await read(attempt.ended));
      if (attempt === undefined || first === undefined || first.outcome === 'fail') {
        const exchange = await send();
        passOn(vu, settles, first && { read: first });
        return exchange;
      }
      const startMs = now();
      const endMs = startMs + withinMs;
      let latest: Exchange = { request, timing: { completedAtMs: endMs }, reply: noAnswerWithin(withinMs) };
      let turn = 0;
      for (;;) {
        const exchange = await Promise.race([send(), sleep(endMs - now(), undefined, { ref: false })]);
        latest = exchange ?? latest;
        const conclusion = exchange && (await decisionOf(exchange, attempt.ended));
        if (conclusion !== undefined) {
          const settled = { kind: 'decided', conclusion, atMs: latest.timing.completedAtMs } as const;
          passOn(vu, settles, { read: first, settled });
          return latest;
        }
        // In even steps: an answer that took longer than a step costs the steps that it took.
        turn = Math.max(turn + 1, Math.ceil((now() - startMs) / everyMs));
        const nextMs = startMs + turn * everyMs;
        if (isClosed || nextMs >= endMs) break;
        await sleep(nextMs - now());
      }
      passOn(vu, settles, { read: first, settled: { kind: 'open' } });
      return latest;
    },
    giveUp,
    close() {
      isClosed = true;
      for (const vu of kept.keys()) giveUp(vu);
    },
  };
}

const noAnswerWithin = (ms: number) =>
  ({ kind: 'broken', failure: 'timeout', error: `no answer within ${ms} ms` }) as const;

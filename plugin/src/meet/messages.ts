import type { Offset } from './clock.ts';
import type { CommonPlan } from './join.ts';

/** Which machine goes where to meet which others. */
export interface MeetOptions {
  /** `redis://` or `rediss://`, with the password. */
  readonly url: string;
  /** The name of the run: machines with the same name meet. */
  readonly run: string;
  readonly machines: number;
  /** What must be equal on all machines. */
  readonly plan: CommonPlan;
  /** How long this machine waits for the others, in milliseconds. */
  readonly joinMs: number;
  /** `process.hrtime.bigint()` at the start of the run: the run's clock counts from here. */
  readonly originNs: bigint;
}

/** What was lost. */
export type Lost = { readonly kind: 'machine'; readonly machine: number } | { readonly kind: 'redis' };

/** What the thread can be asked, and what it answers. */
export interface Answers {
  /** The offset of the common clock at an instant of the run's clock, after a few more exchanges. */
  clock: { readonly ask: { readonly atMs: number }; readonly answer: Offset };
  roundTrip: { readonly ask: Record<never, never>; readonly answer: number };
  /** The lines of their histories that the machines have sent so far. */
  history: { readonly ask: Record<never, never>; readonly answer: readonly MachineLines[] };
  /** Only the last one of each machine: that is less to hand over. */
  lastLines: { readonly ask: Record<never, never>; readonly answer: readonly LastLine[] };
  /** Keeps a text for the other machines. */
  put: { readonly ask: { readonly key: SharedKey; readonly text: string }; readonly answer: true };
  /** Waits for a text of another machine. */
  take: { readonly ask: { readonly key: SharedKey; readonly timeoutMs: number }; readonly answer: string | undefined };
  /** Says that this machine has ended, so that it is not lost to the others. */
  goodbye: { readonly ask: Record<never, never>; readonly answer: true };
  /** Resolves once everything that was sent so far has arrived. */
  flush: { readonly ask: Record<never, never>; readonly answer: true };
}

/** A text that machines share: the verdict, or the answer to a request that one machine sends for all. */
export type SharedKey = { readonly kind: 'verdict' | 'inventories' } | { readonly kind: 'once'; readonly name: string };

/** The lines of one machine's history, in their order. */
export interface MachineLines {
  readonly machine: number;
  readonly lines: readonly string[];
}

/** The last line so far of one machine's history. */
export interface LastLine {
  readonly machine: number;
  readonly line: string;
}

export type Question = { [K in keyof Answers]: { readonly what: K } & Answers[K]['ask'] }[keyof Answers];

/** From the launcher to the thread that meets the others. */
export type ToThread =
  | { readonly type: 'send'; readonly to: 'host' | 'all' | number; readonly value: unknown }
  | { readonly type: 'record'; readonly lines: readonly string[] }
  | { readonly type: 'ask'; readonly id: number; readonly isWaitedFor: boolean; readonly question: Question };

/** From that thread to the launcher. */
export type FromThread =
  | { readonly type: 'message'; readonly machine: number; readonly value: unknown }
  | { readonly type: 'lost'; readonly lost: Lost }
  | { readonly type: 'answer'; readonly id: number; readonly answer: unknown };

/** The first message of the thread. */
export type Opening =
  | { readonly type: 'joined'; readonly machine: number; readonly key: Uint8Array }
  | { readonly type: 'refused'; readonly message: string };

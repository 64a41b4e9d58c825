import { type ReadableAnswer, readAnswer, searchable, type WireReply } from '../../recording/index.ts';

/** One booking that the probe sent, and what came back. */
export interface Booking {
  readonly reply: WireReply;
  /** Who booked, as people call them; undefined where nobody signs in. */
  readonly user?: string | undefined;
}

/** What a read-back said, before the first booking, after it, and after the second. */
export interface ReadBackSeen {
  /** As the suite writes it: a path such as `/seats/{key}`, or a URL. */
  readonly get: string;
  readonly before: WireReply;
  readonly between: WireReply;
  /** Undefined where there was no second booking. */
  readonly after?: WireReply | undefined;
  /** Milliseconds from the answer to the first booking until the read-back showed it; 0 where it did at once. */
  readonly shownAfterMs: number;
}

/** Where a 202 names the page that says how it went on. */
export interface StatusPage {
  /** What the booking captures: `{ header: location, as: statusPage }`. */
  readonly capture: Readonly<Record<string, unknown>>;
  /** What the suite asks then: `{{ statusPage }}`. */
  readonly url: string;
}

/** What a status page said about the two bookings: every answer, the last of them the one that decided. */
export interface StatusSeen {
  readonly page: StatusPage;
  readonly first: readonly WireReply[];
  /** Empty where the second booking was refused outright. */
  readonly second: readonly WireReply[];
  /** Milliseconds until the later of the two was decided. */
  readonly decidedAfterMs: number;
}

/** All that the probe saw. */
export interface Evidence {
  /** What was booked: the key of the inventory. */
  readonly seat: string | number;
  /** What else was sent and may come back: names of users, e-mail addresses, keys. */
  readonly sent: readonly string[];
  readonly first: Booking;
  readonly second?: Booking | undefined;
  /** A booking by somebody else, made because the second one was told the order of the first. */
  readonly third?: Booking | undefined;
  readonly readBack?: ReadBackSeen | undefined;
  readonly status?: StatusSeen | undefined;
}

/** The probe keeps no more of a body than this. */
export const MAX_BODY_BYTES = 256 * 1024;

/** An answer, unpacked; undefined where no whole answer came. */
export function readable(reply: WireReply | undefined): ReadableAnswer | undefined {
  return reply === undefined || reply.kind !== 'complete'
    ? undefined
    : searchable(readAnswer(reply, 16 * MAX_BODY_BYTES));
}

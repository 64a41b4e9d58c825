import { setTimeout as sleep } from 'node:timers/promises';
import { fillUrl } from '../../../../model/placeholders.ts';
import type { WireReply } from '../../recording/index.ts';
import { capturedIn } from './captures.ts';
import { type Evidence, readable, type StatusPage, type StatusSeen } from './evidence.ts';
import { fillText } from './fill.ts';
import { firstTrouble } from './learn.ts';
import { sceneOf } from './scene.ts';
import type { Session } from './session.ts';
import { isDecided, statusPageIn } from './status-page.ts';
import { textsIn } from './texts-sent.ts';
import type { Show } from './trouble.ts';

const EVERY_MS = 200;
/** An answer that was accepted may take so long to be decided, and a read-back to show a booking. */
const ACCEPTED_MS = 10_000;
const SHOWN_MS = 2000;

export interface Scope {
  readonly seat: string | number;
  /** As the suite writes it. */
  readonly readBack: string | undefined;
  /** The status page that the input shows. */
  readonly recorded?: StatusPage | undefined;
  readonly show: Show;
}

/** Books twice, one after the other, and watches. The second booking is left out where the first one teaches nothing. */
export async function observe([one, two]: readonly [Session, Session], scope: Scope): Promise<Evidence> {
  const { seat, readBack: get, show, recorded } = scope;
  const ask = async () => (get === undefined ? undefined : one.get(fillUrl(get, { key: seat }) ?? get));
  const before = await ask();
  const booked = await one.book();
  const first = { reply: booked.reply, user: one.user };
  const start: Evidence = { seat, sent: textsIn(booked.sent, seat), first };
  if (firstTrouble(start, show) !== undefined) return start;

  const page = statusPageOf(booked.reply, recorded);
  const decision = page === undefined ? undefined : await decisionOf(one, page, booked.reply);
  const isAccepted = booked.reply.kind === 'complete' && booked.reply.status === 202 && page === undefined;
  const seen = get === undefined || before === undefined ? undefined : { get, before, isAccepted, ask };
  const shown = seen && (await untilShown(start, seen, show));

  const again = await two.book();
  const second = { reply: again.reply, user: two.user };
  const sent = [...start.sent, ...textsIn(again.sent, seat)];
  const other = page && statusPageOf(again.reply, recorded) && (await decisionOf(two, page, again.reply));
  if (shown !== undefined && shown.shownAfterMs > 0) await sleep(2 * shown.shownAfterMs);
  const after = await ask();
  return {
    ...start,
    sent,
    second,
    ...(shown !== undefined && { readBack: { ...shown, after } }),
    ...(page !== undefined && decision !== undefined && { status: statusSeen(page, decision, other) }),
  };
}

const statusPageOf = (reply: WireReply, recorded: StatusPage | undefined): StatusPage | undefined =>
  statusPageIn(reply) ?? (reply.kind === 'complete' && reply.status === 202 ? recorded : undefined);

interface Asking {
  readonly get: string;
  readonly before: WireReply;
  readonly isAccepted: boolean;
  readonly ask: () => Promise<WireReply | undefined>;
}

/** Asks until the read-back shows the booking, or for so long that it never will. */
async function untilShown(start: Evidence, { get, before, isAccepted, ask }: Asking, show: Show) {
  const limitMs = isAccepted ? ACCEPTED_MS : SHOWN_MS;
  const begin = performance.now();
  for (let isFirst = true; ; isFirst = false) {
    const between = (await ask()) ?? before;
    const shownAfterMs = isFirst ? 0 : Math.round(performance.now() - begin);
    const readBack = { get, before, between, shownAfterMs };
    const { readBack: learnt } = sceneOf({ ...start, readBack }, show);
    if (learnt !== undefined || performance.now() - begin > limitMs) return readBack;
    await sleep(EVERY_MS);
  }
}

interface Decision {
  readonly replies: readonly WireReply[];
  readonly afterMs: number;
}

/** Asks the status page until it decides, or for so long that it never will. */
async function decisionOf(session: Session, page: StatusPage, accepted: WireReply): Promise<Decision> {
  const begin = performance.now();
  const replies: WireReply[] = [];
  for (;;) {
    const place = placeOn(page, accepted);
    if (place === undefined) return { replies, afterMs: 0 };
    const reply = await session.get(place);
    replies.push(reply);
    const afterMs = Math.round(performance.now() - begin);
    if (isDecided(reply) || afterMs > ACCEPTED_MS) return { replies, afterMs };
    await sleep(EVERY_MS);
  }
}

function placeOn({ capture, url }: StatusPage, accepted: WireReply): string | undefined {
  const answer = readable(accepted);
  const unknown = new Set<string>();
  const place = answer === undefined ? url : fillText(url, capturedIn(answer, capture), unknown);
  return unknown.size > 0 || place.includes('{{') ? undefined : place;
}

const statusSeen = (page: StatusPage, first: Decision, second: Decision | undefined): StatusSeen => ({
  page,
  first: first.replies,
  second: second?.replies ?? [],
  decidedAfterMs: Math.max(first.afterMs, second?.afterMs ?? 0),
});

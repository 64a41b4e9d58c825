import { type Attempt, type History, type Round, type Strength, withOutcome } from '../../../model/index.ts';

/** How close attempts came to a winner of their round, and what a pass does not exclude. */
export type Closeness = Pick<Strength, 'rivals' | 'limits'>;

/** @param strong the rounds that count */
export function closenessOf(history: History, strong: readonly Round[]): Closeness {
  const apartMs = strong.flatMap(({ attempts }) => distancesToWinner(attempts));
  const within = (ms: number) => apartMs.filter((distance) => distance <= ms).length;
  return { rivals: { '0.1': within(0.1), '1': within(1), '10': within(10) }, limits: limitsOf(history) };
}

/** From each attempt to the winner that was released nearest to it, itself aside. */
function distancesToWinner(attempts: readonly Attempt[]): number[] {
  const released = (attempt: Attempt) => attempt.releasedAtMs ?? Number.NaN;
  const winners = withOutcome(attempts, 'ok')
    .filter(({ releasedAtMs }) => releasedAtMs !== undefined)
    .toSorted((a, b) => released(a) - released(b));
  const sorted = attempts
    .filter(({ releasedAtMs }) => releasedAtMs !== undefined)
    .toSorted((a, b) => released(a) - released(b));
  let next = 0;
  return sorted.flatMap((attempt) => {
    // Winners before `next` were released earlier than the attempt.
    while (next < winners.length && released(winners[next] as Attempt) < released(attempt)) next++;
    let least = Infinity;
    for (const winner of winners.slice(Math.max(0, next - 1), next + 2)) {
      if (winner === attempt) continue;
      least = Math.min(least, Math.abs(released(winner) - released(attempt)) + clockErrorBetween(winner, attempt));
    }
    return least === Infinity ? [] : [rounded(least)];
  });
}

/** Attempts on different machines may be further apart than their clocks say. */
const clockErrorBetween = (a: Attempt, b: Attempt): number =>
  a.machine === b.machine ? 0 : (a.clockErrorMs ?? 0) + (b.clockErrorMs ?? 0);

/** A nanosecond, so that 100.1 is 0.1 after 100. */
const rounded = (ms: number): number => Math.round(ms * 1e6) / 1e6;

function limitsOf({ run, attempts, readBacks }: History): Strength['limits'] {
  const isAsked = run.plan.readBack && readBacks.some(({ when, kind }) => when === 'after' && kind === 'read');
  return [
    ...(hasSeveralIdentities(attempts) ? [] : (['one-identity'] as const)),
    ...(new Set(attempts.map(({ instance }) => instance)).size > 1 ? [] : (['one-instance'] as const)),
    ...(isAsked ? [] : (['answers-only'] as const)),
  ];
}

/** Numbers of identities mean something only within one thread of one machine. */
function hasSeveralIdentities(attempts: readonly Attempt[]): boolean {
  const identities = new Map<string, number>();
  let user: string | undefined;
  for (const attempt of attempts) {
    if (attempt.user !== undefined && user !== undefined && attempt.user !== user) return true;
    user ??= attempt.user;
    if (attempt.identity === undefined) continue;
    const thread = `${attempt.machine} ${attempt.thread}`;
    if ((identities.get(thread) ?? attempt.identity) !== attempt.identity) return true;
    identities.set(thread, attempt.identity);
  }
  return false;
}

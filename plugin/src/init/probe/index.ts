import { printable } from '../../../../reports/index.ts';
import { InputError } from '../../config/index.ts';
import { createBlotter } from '../../recording/index.ts';
import type { SuitePlan } from '../suite.ts';
import { type Consent, consentTo } from './consent.ts';
import type { Evidence } from './evidence.ts';
import { fillText } from './fill.ts';
import { learn } from './learn.ts';
import { isUnlearnt, type Learnt } from './learnt.ts';
import { observe } from './observe.ts';
import { Session } from './session.ts';
import { type Show, saidIn } from './trouble.ts';
import { usersOf } from './users.ts';
import { withLearnt } from './with-learnt.ts';

/** A suite that says what a probe learnt, and what to tell the user. */
export interface Probed {
  readonly suite: SuitePlan;
  /** At most five lines, without secrets. */
  readonly notes: readonly string[];
}

export interface ProbeSettings extends Consent {
  /** The suite so far: its request, its users, and its read-back, if it has one. */
  readonly plan: SuitePlan;
  /** Of the suite: the path of a CSV is relative to it. */
  readonly folder: string;
  /** What `{{ $env.NAME }}` stands for. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The values that no output may hold. */
  readonly secrets: readonly string[];
}

/**
 * Books the last inventory of a suite twice, one after the other, and learns how the API answers.
 *
 * @throws InputError if it may not book, if a variable is missing, or if the answers teach nothing: then it says which and why
 */
export async function probe(settings: ProbeSettings): Promise<Probed> {
  const { plan, folder, env, secrets } = settings;
  const seat = plan.inventories.at(-1);
  if (seat === undefined) throw new InputError('--inventories: names nothing to book');
  const show = showWithout(secrets);
  const users = usersOf(plan, folder, env);
  const sessions = [0, 1].map(
    (number) =>
      new Session(
        plan,
        { ...users.variables(number), $loopElement: seat },
        users.count > 1 ? `user ${number + 1}` : undefined,
      ),
  ) as [Session, Session];
  await checkVariables(sessions);
  await consentTo(seat, fillText(plan.target, users.variables(0), new Set()), settings);
  await signInAll(sessions, show);
  const evidence = await observe(sessions, { seat, readBack: readBackOf(plan), show });
  const learnt = learntFrom(evidence, show);
  return {
    suite: withLearnt(plan, learnt),
    notes: learnt.notes.map((note) => `${note[0]?.toUpperCase()}${note.slice(1)}.`),
  };
}

function learntFrom(evidence: Evidence, show: Show): Learnt {
  const result = learn(evidence, show);
  if (isUnlearnt(result)) throw new InputError(`--probe: ${result.message}. No suite was written`);
  return result;
}

function showWithout(secrets: readonly string[]): Show {
  const blotter = createBlotter();
  blotter.learn(secrets.filter((value) => value.length > 3).map((value) => ({ value, isSure: true })));
  return (text, maxLength) => printable(blotter.text(text), maxLength);
}

async function checkVariables(sessions: readonly Session[]): Promise<void> {
  const missing = new Set((await Promise.all(sessions.map((session) => session.missing()))).flat());
  if (missing.size === 0) return;
  const names = [...missing].join(', ');
  throw new InputError(
    `--probe: ${names}: not set; set ${missing.size === 1 ? 'it' : 'them'} in the environment, or in .env beside the suite`,
  );
}

async function signInAll(sessions: readonly Session[], show: Show): Promise<void> {
  for (const session of sessions) {
    const refusal = await session.signIn();
    if (refusal === undefined) continue;
    const what =
      refusal.kind === 'complete'
        ? `was answered ${refusal.status}${saidIn(refusal, show)}`
        : `got no answer: ${show(refusal.error, 120)}`;
    throw new InputError(`--probe: the sign-in ${what}. Nothing was booked, and no suite was written`);
  }
}

/** The request of the read-back that the suite has so far. */
function readBackOf({ race }: SuitePlan): string | undefined {
  const { readBack } = race;
  if (typeof readBack === 'string') return readBack;
  const get = typeof readBack === 'object' && readBack !== null && 'get' in readBack ? readBack.get : undefined;
  return typeof get === 'string' ? get : undefined;
}

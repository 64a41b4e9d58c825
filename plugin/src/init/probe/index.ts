import { fillUrl } from '../../../../model/placeholders.ts';
import { printable } from '../../../../reports/index.ts';
import { InputError } from '../../config/index.ts';
import { createBlotter } from '../../recording/index.ts';
import type { SuitePlan } from '../suite.ts';
import { type Consent, consentTo } from './consent.ts';
import { type Evidence, readable, type StatusPage } from './evidence.ts';
import { fillText } from './fill.ts';
import { learn } from './learn.ts';
import { isUnlearnt, type Learnt } from './learnt.ts';
import { observe } from './observe.ts';
import { Session } from './session.ts';
import { textsIn } from './texts-sent.ts';
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
  readonly env: () => Readonly<Record<string, string | undefined>>;
  /** The values that no output may hold. */
  readonly secrets: readonly string[];
  /** The suite with one more user, `name:password`. @throws InputError if it cannot have one */
  readonly withUser: (text: string) => SuitePlan;
  /** A read-back as a suite writes it. @throws InputError if it is none */
  readonly readBackIn: (text: string) => string;
}

/**
 * Books the last inventory of a suite twice, one after the other, and learns how the API answers.
 *
 * @throws InputError if it may not book, if a variable is missing, or if the answers teach nothing: then it says which and why
 */
export async function probe(settings: ProbeSettings): Promise<Probed> {
  const { plan, folder, secrets } = settings;
  const seat = plan.inventories.at(-1);
  if (seat === undefined) throw new InputError('--inventories: names nothing to book');
  const show = showWithout(secrets);
  const users = usersOf(plan, folder, settings.env());
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
  for (const session of sessions) await signIn(session, show);
  const evidence = await observe(sessions, { seat, readBack: readBackOf(plan), recorded: statusPageOf(plan), show });
  const { learnt, suite } = await learntFrom(evidence, { settings, show, session: sessions[0] });
  const notes = learnt.notes.map((note) => `${sentence(note)}.`);
  return { suite: withLearnt(suite, learnt), notes };
}

interface Means {
  readonly settings: ProbeSettings;
  readonly show: Show;
  readonly session: Session;
}

/** What was learnt. Somebody at a terminal is asked once for what was lacking. */
async function learntFrom(evidence: Evidence, means: Means): Promise<{ learnt: Learnt; suite: SuitePlan }> {
  const { settings, show } = means;
  const result = learn(evidence, show);
  if (!isUnlearnt(result)) return { learnt: result, suite: settings.plan };
  const { message, asksFor } = result;
  if (asksFor === undefined || !settings.asker.isTerminal)
    throw new InputError(`--probe: ${message}. No suite was written`);
  const more =
    asksFor === 'user' ? await askUser(evidence, message, means) : await askReadBack(evidence, message, means);
  const second = learn(more.evidence, show);
  if (isUnlearnt(second)) throw new InputError(`--probe: ${second.message}. No suite was written`);
  return { learnt: second, suite: more.suite };
}

interface More {
  readonly evidence: Evidence;
  readonly suite: SuitePlan;
}

/** A third booking, by somebody else. */
async function askUser(evidence: Evidence, why: string, { settings, show }: Means): Promise<More> {
  const text = `${sentence(why)}. Who else may book, as name:password`;
  const suite = await settings.asker.ask({ text, flag: '--user' }, settings.withUser);
  const users = usersOf(suite, settings.folder, settings.env());
  const variables = { ...users.variables(users.count - 1), $loopElement: evidence.seat };
  const session = new Session(suite, variables, 'another user');
  await signIn(session, show);
  const { sent, reply } = await session.book();
  const third = { reply, user: session.user };
  return { suite, evidence: { ...evidence, sent: [...evidence.sent, ...textsIn(sent, evidence.seat)], third } };
}

/** How long a target may need that was not watched while it decided. */
const UNWATCHED_MS = 1000;

/** Asks a read-back that nobody named before: another inventory, which is free, shows how it was. */
async function askReadBack(evidence: Evidence, why: string, { settings, session }: Means): Promise<More> {
  const text = `${sentence(why)}. Which page lists the bookings of one, such as /seats/{seat}/orders`;
  const get = await settings.asker.ask({ text, flag: '--read-back' }, settings.readBackIn);
  const [free = evidence.seat] = settings.plan.inventories;
  const ask = (key: string | number) => session.get(fillUrl(get, { key }) ?? get);
  const [before, between] = [await ask(free), await ask(evidence.seat)];
  const isAccepted = readable(evidence.first.reply)?.status === 202;
  const readBack = { get, before, between, after: between, shownAfterMs: isAccepted ? UNWATCHED_MS : 0 };
  return { suite: settings.plan, evidence: { ...evidence, sent: [...evidence.sent, String(free)], readBack } };
}

const sentence = (text: string): string => `${text[0]?.toUpperCase()}${text.slice(1)}`;

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

async function signIn(session: Session, show: Show): Promise<void> {
  const refusal = await session.signIn();
  if (refusal === undefined) return;
  const what =
    refusal.kind === 'complete'
      ? `was answered ${refusal.status}${saidIn(refusal, show)}`
      : `got no answer: ${show(refusal.error, 120)}`;
  throw new InputError(`--probe: the sign-in ${what}. Nothing more was booked, and no suite was written`);
}

/** The status page that the suite has so far. */
function statusPageOf({ capture, after }: SuitePlan): StatusPage | undefined {
  const url = after.find(({ race }) => typeof race === 'object' && race !== null && 'settles' in race)?.request.url;
  return capture === undefined || url === undefined ? undefined : { capture, url };
}

/** The request of the read-back that the suite has so far. */
function readBackOf({ race }: SuitePlan): string | undefined {
  const { readBack } = race;
  if (typeof readBack === 'string') return readBack;
  const get = typeof readBack === 'object' && readBack !== null && 'get' in readBack ? readBack.get : undefined;
  return typeof get === 'string' ? get : undefined;
}

import fs from 'node:fs';
import path from 'node:path';
import { printable } from '../../../reports/index.ts';
import { InputError } from '../config/index.ts';
import type { InitArguments } from './arguments.ts';
import type { Asker, Question } from './ask.ts';
import type { Capture, CapturedParameter, CapturedRequest } from './capture.ts';
import { checkSuite } from './check-suite.ts';
import { bookingRequest } from './choose.ts';
import { type Draft, draftOf, type Leaf } from './draft.ts';
import { addToEnvFile, addToExample, readEnvFile } from './env-files.ts';
import { readCapture } from './formats/index.ts';
import { withOwnKeys } from './idempotency.ts';
import { nameOf, readInput } from './input.ts';
import { inventoriesIn, labelFor } from './inventories.ts';
import type { Probed } from './probe/index.ts';
import { readBackPath } from './read-back.ts';
import { recordedReadBack } from './recorded/read-back.ts';
import { recordedSignIn, signedInAsRecorded } from './recorded/sign-in.ts';
import { recordedStatusPage, withStatusPage } from './recorded/status-page.ts';
import { remarksOn } from './remarks.ts';
import { unescapedIn, withRepeatedFields } from './repeated-fields.ts';
import { schemaFor, scriptCommand } from './schema-path.ts';
import { type Seat, seatNamed, withSeat } from './seat.ts';
import { guessSeat } from './seat-guess.ts';
import { allWithoutSecrets, isSecret, Vault } from './secrets.ts';
import { signedIn } from './signed-in.ts';
import { type SuitePlan, writeSuite } from './suite.ts';
import { relativePath, usersFrom } from './users.ts';
import { environmentName, prefixFor, variablesIn } from './variables.ts';

const DEFAULT_VUS = 10;
const MAX_REMARK = 400;
const FORMAT_NAMES = {
  curl: 'a cURL command',
  har: 'a HAR',
  openapi: 'an OpenAPI document',
  postman: 'a Postman collection',
};

/**
 * Reads a captured request, and writes a suite that races it, with its secrets in a `.env` beside it.
 *
 * @returns what to tell the user, a line each
 * @throws InputError if something is wrong or unknown; nothing is written then
 */
export async function writeNewSuite(args: InitArguments, asker: Asker): Promise<string[]> {
  const { file = '-' } = args;
  const capture = await readCapture(await readInput(file), nameOf(file), args);
  const { request, because } = await bookingRequest(capture, args, asker);
  const draft = draftOf(request);
  const out = outFor(args, draft);
  const seat = await seatOf(draft, request.parameters, args, asker);
  const inventories = await inventoriesOf(seat, args, asker);
  const folder = path.dirname(out);
  const envFile = path.join(folder, '.env');
  const vault = new Vault(prefixFor(draft.origin), readEnvFile(envFile));
  for (const [name, value] of Object.entries(capture.secrets ?? {})) vault.keep(name, value);
  const inputs: Inputs = { args, capture, request, draft, seat, inventories, vault, out };
  const planFor = (users: readonly string[]) => planOf(inputs, users);
  const plan = planFor(args.users);
  const { suite, notes } = args.probe
    ? await probed(plan, { args, asker, envFile, vault, seat, planFor })
    : { suite: plan, notes: [] };
  const text = writeSuite(suite);
  checkSuite(text, args.environment, vault);
  const why =
    because === undefined
      ? []
      : [`${printable(request.name, 100)} is taken for the request that books, because ${because}.`];
  return [...why, ...notes, ...written(text, { out, envFile, vault, plan: suite, seat })];
}

interface Inputs {
  readonly args: InitArguments;
  readonly capture: Capture;
  readonly request: CapturedRequest;
  readonly draft: Draft;
  readonly seat: Seat;
  readonly inventories: readonly (string | number)[];
  readonly vault: Vault;
  readonly out: string;
}

/** All that the input and the options say. @param texts of the users, as `--user` has them */
function planOf(
  { args, capture, request, draft, seat, inventories, vault, out }: Inputs,
  texts: readonly string[],
): SuitePlan {
  const folder = path.dirname(out);
  const { auth } = request;
  // Whatever it is called, it is a secret.
  if (auth?.scheme === 'api-key' && auth.value !== undefined && !auth.value.includes('{{')) {
    vault.hide(environmentName(auth.name), auth.value);
  }
  const users = usersFrom(texts, vault, folder);
  const recorded = users?.token === undefined ? recordedSignIn(capture, request) : undefined;
  const { request: sent, before } =
    recorded === undefined ? signedIn(draft, auth, users) : signedInAsRecorded(draft, recorded, users);
  // The seat first: whatever name stands around it, it is no secret.
  const named = withSeat(sent, seat);
  const [safe = named, ...steps] = allWithoutSecrets([named, ...before.map((step) => step.request)], vault);
  const raced = withOwnKeys(safe, inventories.length);
  const readBack =
    args.readBack === undefined ? recordedReadBack(capture, request, seat.value) : readBackPath(args.readBack, seat);
  const page = recordedStatusPage(capture, request);
  const remarks = [
    ...remarksOn(request, seat, { page, isReadBack: readBack !== undefined }),
    ...[raced, ...steps].flatMap((one) => unescapedIn(one, vault)),
  ];
  const sendable = (one: Draft) => withRepeatedFields(one, inventories, vault);
  const bare: SuitePlan = {
    from: FORMAT_NAMES[capture.format],
    remarks: remarks.map((remark) => printable(remark, MAX_REMARK)),
    schema: schemaFor(folder),
    command: commandFor(out, args.environment),
    environment: args.environment,
    target: draft.origin,
    vus: args.vus ?? DEFAULT_VUS,
    variables: users?.variables ?? {},
    ...(users?.payload !== undefined && { payload: users.payload }),
    label: labelFor(seat.leaves),
    inventories,
    race: readBack === undefined ? {} : { readBack },
    before: before.map((step, index) => ({ ...step, request: sendable(steps[index] ?? step.request) })),
    request: sendable(raced),
    after: [],
  };
  return page === undefined ? bare : withStatusPage(bare, page);
}

interface ProbeMeans {
  readonly args: InitArguments;
  readonly asker: Asker;
  readonly envFile: string;
  readonly vault: Vault;
  readonly seat: Seat;
  readonly planFor: (users: readonly string[]) => SuitePlan;
}

/** The suite with what a probe learns. Variables that are set already win, as they do in a run. */
async function probed(plan: SuitePlan, means: ProbeMeans): Promise<Probed> {
  const { args, asker, envFile, vault, seat, planFor } = means;
  const { probe } = await import('./probe/index.ts');
  return probe({
    plan,
    folder: path.dirname(envFile),
    env: () => ({ ...Object.fromEntries([...readEnvFile(envFile), ...vault.values]), ...process.env }),
    secrets: [...vault.values.values()],
    asker,
    bookOne: args.bookOne,
    yes: args.yes,
    withUser: (text) => planFor([...args.users, text]),
    readBackIn: (text) => readBackPath(text, seat),
  });
}

function outFor({ out, force }: InitArguments, { origin }: Draft): string {
  const host = /^https?:\/\/([^/:]+)/.exec(origin)?.[1] ?? 'booking';
  const file = out ?? `./${host.replace(/[^\w.-]/g, '_')}.race.yml`;
  if (!/\.ya?ml$/i.test(file)) throw new InputError(`--out: must end in .yml (received ${file.slice(0, 100)})`);
  if (!force && fs.existsSync(file)) {
    throw new InputError(`${file}: is there already; --force writes over it, --out names another file`);
  }
  return file;
}

/** The seat that `--seat` names, else the one that there is no doubt about, else the one that the user names. */
async function seatOf(
  draft: Draft,
  parameters: readonly CapturedParameter[] | undefined,
  { seat: wanted, inventories }: InitArguments,
  asker: Asker,
): Promise<Seat> {
  if (wanted !== undefined) return seatNamed(wanted, draft, parameters);
  const { sure, candidates } = guessSeat(draft, isSecret);
  if (sure !== undefined) return seatNamed(sure.path, draft, parameters);
  const text = `What in ${draft.method} /${draft.segments.join('/')} names the seat? Its value, or its field`;
  const choices = candidates.map(shownLeaf);
  const next = inventories === undefined ? whichAreFree() : undefined;
  return asker.ask({ text, flag: '--seat', choices, next }, (answer) => seatNamed(answer, draft, parameters));
}

const shownLeaf = ({ path: name, value }: Leaf): string => `${printable(name, 60)}  ${printable(String(value), 60)}`;

function inventoriesOf(
  seat: Seat,
  args: InitArguments,
  asker: Asker,
): Promise<(string | number)[]> | (string | number)[] {
  const read = (text: string) => inventoriesIn(text, seat, args.probe ? 2 : 1);
  if (args.inventories !== undefined) return read(args.inventories);
  return asker.ask(whichAreFree(seat.value), read);
}

function whichAreFree(seat: string | number = 'A1'): Question {
  const example = /\{\{|^string$/.test(String(seat)) ? 'A1' : printable(String(seat), 60);
  const text = `Which ones are free and may be booked? Name several such as ${example}, separated by commas`;
  return { text, flag: '--inventories' };
}

function commandFor(out: string, environment: string): string {
  const script = scriptCommand();
  const file = relativePath('.', out);
  if (script !== undefined) return `${script} ${file} ${environment}`;
  return `npx artillery run --dotenv ${relativePath('.', path.join(path.dirname(out), '.env'))} -e ${environment} ${file}`;
}

interface Written {
  readonly out: string;
  readonly envFile: string;
  readonly vault: Vault;
  readonly plan: SuitePlan;
  readonly seat: Seat;
}

/** Writes all files, the secrets first: a suite without them would not run. */
function written(text: string, { out, envFile, vault, plan, seat }: Written): string[] {
  fs.mkdirSync(path.dirname(out), { recursive: true });
  const names = variablesIn(text);
  const values = new Map([...vault.values].filter(([name]) => names.includes(name)));
  addToEnvFile(envFile, values);
  if (names.length > 0) addToExample(`${envFile}.example`, names);
  fs.writeFileSync(out, text);
  const missing = names.filter((name) => !values.has(name) && !readEnvFile(envFile).has(name));
  const { method, segments } = plan.request;
  const place = seat.leaves.map(({ path: name }) => printable(name, 60)).join(' and ');
  const shown = plan.inventories.slice(0, 5).map((key) => printable(String(key), 40));
  return [
    ...plan.remarks,
    `Wrote ${out}: ${plan.vus} virtual users send ${method} /${printable(segments.join('/'), 100)} at once, for ${shown.join(', ')}${plan.inventories.length > 5 ? ', …' : ''} (${place}).`,
    ...(values.size === 0
      ? []
      : [`Secrets are in ${envFile} alone; keep it out of git. ${envFile}.example names them.`]),
    ...(missing.length === 0 ? [] : [`Fill in ${missing.join(', ')} in ${envFile}.`]),
    `Next: ${plan.command}`,
  ];
}

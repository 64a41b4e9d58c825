import { isMapping } from '../../../../model/json.ts';
import { namesIn } from '../../../../model/placeholders.ts';
import {
  answerReader,
  type Condition,
  type ReadableAnswer,
  type ReadBackRules,
  type WireReply,
} from '../../recording/index.ts';
import { type Evidence, type ReadBackSeen, readable } from './evidence.ts';
import { createGaps, type Gaps } from './gaps.ts';
import { lastName, leavesOf, stepTo, valuesAt } from './leaves.ts';
import { COUNT_NAME, ID_NAME, ORDER_ID_NAME, ORDER_NAME, PASSING_NAME, REFERENCE_NAME } from './names.ts';
import { tellsOf } from './tells.ts';

/** How a read-back is read: what the suite writes under `readBack`, without the request. */
type Rules = Partial<Omit<ReadBackRules, 'orderIds'>> & { readonly orderIds?: string };

export interface LearntReadBack {
  readonly rules: Rules;
  /** It names or counts every booking, so it shows a second sale. */
  readonly counts: boolean;
  /** Units that it showed after the second booking; undefined where that cannot be read. */
  readonly unitsAfter: number | undefined;
}

/** Learns how a read-back says what is booked; undefined where it did not change, or in nothing that can be read. */
export function learnReadBack(evidence: Evidence, orderId: string | undefined): LearntReadBack | undefined {
  const { readBack: seen, seat, sent } = evidence;
  const [before, between] = [readable(seen?.before), readable(seen?.between)];
  if (seen === undefined || before === undefined || between === undefined) return undefined;
  const gaps = createGaps([String(seat), ...sent], orderId === undefined ? [] : [orderId]);
  const scene: Scene = {
    before,
    between,
    gaps,
    orderId,
    seat: String(seat),
    isAboutAll: namesIn(seen.get).length === 0,
  };
  for (const candidate of candidatesIn(scene)) {
    const read = readWith(candidate.rules, seen, seat);
    const names = candidate.rules.orderIds === undefined || orderId === undefined || read.ids.includes(orderId);
    if (read.before === 0 && read.between === 1 && names) return { ...candidate, unitsAfter: read.after };
  }
  return undefined;
}

function readWith(rules: Rules, seen: ReadBackSeen, seat: string | number) {
  const reader = answerReader({ orderIds: '$.order_ids[*]', ...rules });
  const subject = { key: String(seat), values: { key: seat }, capacity: 1 };
  const read = (reply: WireReply | undefined) => {
    const said = reply === undefined ? undefined : reader(reply, subject);
    return said === undefined || 'error' in said ? undefined : said;
  };
  const between = read(seen.between);
  return {
    before: read(seen.before)?.units,
    between: between?.units,
    after: read(seen.after)?.units,
    ids: between?.orderIds ?? [],
  };
}

interface Scene {
  readonly before: ReadableAnswer;
  readonly between: ReadableAnswer;
  readonly gaps: Gaps;
  readonly orderId: string | undefined;
  readonly seat: string;
  /** The request names no seat, so the answer is about all of them. */
  readonly isAboutAll: boolean;
}

type Candidate = Pick<LearntReadBack, 'rules' | 'counts'>;

/** Ways to read it, the most telling first: lists of bookings, ids, counts, and last what says only "taken". */
function candidatesIn(scene: Scene): readonly Candidate[] {
  if (scene.between.json === undefined) return pageCandidates(scene);
  const entries = entryCandidates(scene);
  const all = scene.isAboutAll ? entries : [...partCandidates(scene), ...entries];
  return [...all.filter(({ counts }) => counts), ...all.filter(({ counts }) => !counts), ...statusCandidates(scene)];
}

/** What changed in the part of the answer that is about the seat. */
function partCandidates({ before, between, gaps, orderId }: Scene): readonly Candidate[] {
  const leaves = leavesOf(between.json, gaps).filter((leaf) => !PASSING_NAME.test(lastName(leaf)));
  const lists = listsIn(between.json, gaps).filter(({ path }) => sizeAt(before, path) === 0);
  return [
    ...lists.flatMap(({ path, items }) => {
      const ids = idsIn(items, path, orderId, gaps);
      return ids === undefined
        ? [counting({ units: path })]
        : [counting({ units: path, orderIds: ids }), counting({ units: path })];
    }),
    ...leaves.flatMap(({ path, value }): readonly Candidate[] =>
      orderId !== undefined && String(value) === orderId ? [idCandidate(path)] : [],
    ),
    ...leaves.flatMap((leaf) => numberCandidates(leaf.path, lastName(leaf), leaf.value, before)),
    ...stateCandidates({ before, between, gaps }),
  ];
}

/** The id of the order somewhere else. In a list all of its entries count; alone it cannot show a second one. */
function idCandidate(path: string): Candidate {
  const all = path.replace(/\[\d+\]/g, '[*]');
  return { rules: { taken: { has: [all] }, orderIds: all }, counts: all !== path };
}

const counting = (rules: Rules): Candidate => ({ rules, counts: true });

function numberCandidates(path: string, name: string, value: unknown, before: ReadableAnswer): readonly Candidate[] {
  const [was] = valuesAt(before.json, path);
  if (was === 0 && value === 1) return [counting({ units: path })];
  const isLeft = was === 1 && value === 0 && !COUNT_NAME.test(name);
  return isLeft ? [counting({ remaining: path })] : [];
}

/** A word or a truth value that changed: it says "taken" or "free", and not how often. */
function stateCandidates({ before, between, gaps }: Pick<Scene, 'before' | 'between' | 'gaps'>): readonly Candidate[] {
  const side = (answer: ReadableAnswer, other: ReadableAnswer) =>
    tellsOf({ answer, others: [other], isSuccess: false, gaps, known: [], isSameUser: true }).map(
      ({ condition }) => condition,
    );
  const taken = [...changes(between, before, gaps), ...side(between, before)];
  return taken.map((condition) => {
    const [path] = Object.keys(condition.body ?? {});
    const [was] = path === undefined ? [] : valuesAt(before.json, path);
    const free: Condition | undefined =
      path !== undefined && (typeof was === 'string' || typeof was === 'boolean') && !gaps.isIn(String(was))
        ? { body: { [path]: was } }
        : undefined;
    return { rules: { taken: condition, ...(free !== undefined && { free }) }, counts: false };
  });
}

/** `state: free` → `state: sold`, `available: true` → `false`, `owner: null` → somebody. */
function changes(between: ReadableAnswer, before: ReadableAnswer, gaps: Gaps): readonly Condition[] {
  const changed = leavesOf(between.json, gaps).filter(
    (leaf) => !PASSING_NAME.test(lastName(leaf)) && !valuesAt(before.json, leaf.path).includes(leaf.value),
  );
  const words = changed.filter(({ value, path }) => {
    const [was] = valuesAt(before.json, path);
    if (typeof value === 'boolean') return was === !value;
    return typeof value === 'string' && typeof was === 'string' && !gaps.isIn(value) && value.length < 40;
  });
  const owners = changed.filter(
    ({ value, path }) => value !== null && valuesAt(before.json, path).every((was) => was === null),
  );
  return [
    ...words.map(({ path, value }): Condition => ({ body: { [path]: value as string | boolean } })),
    ...owners.map(({ path }): Condition => ({ has: [path] })),
  ];
}

interface List {
  readonly path: string;
  readonly items: readonly unknown[];
}

const MAX_LISTS = 50;

/** The lists in a JSON value, and where they are. Lists within lists are about single entries. */
function listsIn(json: unknown, gaps: Gaps): readonly List[] {
  const found: List[] = [];
  const walk = (value: unknown, path: string, depth: number): void => {
    if (depth > 6 || found.length >= MAX_LISTS) return;
    if (Array.isArray(value)) found.push({ path, items: value });
    else if (isMapping(value)) {
      for (const [name, inner] of Object.entries(value)) walk(inner, path + stepTo(name, gaps), depth + 1);
    }
  };
  walk(json, '$', 0);
  return found;
}

function sizeAt(answer: ReadableAnswer, path: string): number | undefined {
  const [list] = valuesAt(answer.json, path);
  return Array.isArray(list) ? list.length : undefined;
}

/** The JSONPath of the ids in a list of bookings. */
function idsIn(items: readonly unknown[], path: string, orderId: string | undefined, gaps: Gaps): string | undefined {
  const [item] = items;
  if (!isMapping(item)) return orderId !== undefined && String(item) === orderId ? `${path}[*]` : undefined;
  const leaves = leavesOf(item, gaps);
  const same = leaves.find(({ value }) => orderId !== undefined && String(value) === orderId);
  const named = orderId === undefined ? leaves.find((leaf) => isIdName(lastName(leaf))) : undefined;
  const found = same ?? named;
  return found === undefined ? undefined : `${path}[*]${found.path.slice(1)}`;
}

const isIdName = (name: string): boolean =>
  ORDER_ID_NAME.test(name) || ID_NAME.test(name) || REFERENCE_NAME.test(name) || ORDER_NAME.test(name);

/** A list in which the seat is an entry, or in which each booking names its seat. */
function entryCandidates(scene: Scene): readonly Candidate[] {
  const { between, before, gaps, seat, orderId } = scene;
  return listsIn(between.json, gaps).flatMap(({ path, items }): readonly Candidate[] => {
    const names = new Set(items.flatMap((item) => namesOf(item, seat, gaps)));
    return [...names].flatMap((name) => {
      const isAbout = (item: unknown) => valuesAt(item, name).some((value) => String(value) === seat);
      const filter = `?@${name.slice(1)} == ${typeof items.flatMap((item) => valuesAt(item, name)).find((value) => String(value) === seat) === 'number' ? '{key}' : "'{key}'"}`;
      const was = valuesAt(before.json, path).flat().filter(isAbout);
      const is = items.filter(isAbout);
      if (was.length === 0 && is.length === 1) return bookingCandidates(`${path}[${filter}]`, is, orderId, gaps);
      if (was.length !== 1 || is.length !== 1) return [];
      const part = (json: unknown) => ({ ...between, json, text: JSON.stringify(json) });
      return partCandidates({ ...scene, before: part(was[0]), between: part(is[0]) }).map(({ rules, counts }) => ({
        rules: { each: `${path}[${filter}]`, ...rules },
        counts,
      }));
    });
  });
}

/** Paths in an entry of a list at which the seat stands. */
const namesOf = (item: unknown, seat: string, gaps: Gaps): readonly string[] =>
  isMapping(item)
    ? leavesOf(item, gaps).flatMap(({ path, value }) => (String(value) === seat && !path.includes('*') ? path : []))
    : [];

function bookingCandidates(
  entries: string,
  items: readonly unknown[],
  orderId: string | undefined,
  gaps: Gaps,
): readonly Candidate[] {
  const ids = idsIn(items, entries, orderId, gaps)?.replace(`${entries}[*]`, entries);
  return ids === undefined ? [] : [counting({ taken: { has: [entries] }, orderIds: ids })];
}

/** 404 before, 200 afterwards. */
function statusCandidates({ before, between, gaps, orderId }: Scene): readonly Candidate[] {
  if (before.status === between.status) return [];
  const rules = { taken: { status: [between.status] }, free: { status: [before.status] } };
  const id = leavesOf(between.json, gaps).find(({ value }) => orderId !== undefined && String(value) === orderId);
  return [
    ...(id === undefined ? [] : [{ rules: { ...rules, orderIds: id.path }, counts: false }]),
    { rules, counts: false },
  ];
}

/** A page: words that were not there before. */
function pageCandidates(scene: Scene): readonly Candidate[] {
  const { before, between, gaps } = scene;
  const texts = (answer: ReadableAnswer, other: ReadableAnswer) =>
    tellsOf({ answer, others: [other], isSuccess: false, gaps, known: [], isSameUser: true }).map(
      ({ condition }) => condition,
    );
  const [free] = texts(before, between);
  return [
    // With both, a page that says neither, such as a sign-in, cannot be read.
    ...texts(between, before).map((taken) => ({
      rules: { taken, ...(free !== undefined && { free }) },
      counts: false,
    })),
    ...texts(between, before).map((taken) => ({ rules: { taken }, counts: false })),
    ...texts(before, between).map((free) => ({ rules: { free }, counts: false })),
    ...statusCandidates(scene),
  ];
}

import { compile } from 'json-p3';
import { type Amount, addUp, isRecordable, minus } from '../../../model/decimal.ts';
import { fillJsonPath, fillPattern, hasStatus, type ReadBack, type Values } from '../../../model/index.ts';
import { type ReadableAnswer, readAnswer, searchable, type WireReply } from './answer.ts';
import { type Conditions, compileCondition, type Test } from './condition.ts';
import { type Extractor, extractor, isText, sumOf } from './extractor.ts';

/** How the answer to "who owns it?" is read. In all JSONPaths, `{key}` and the fields of the inventory are placeholders. */
export interface ReadBackRules {
  /** The parts of the answer that are about the inventory: all other paths are relative to them. Default: all of it. */
  readonly each?: string | undefined;
  /** Where `each` selects nothing, the inventory is free; without it, such an answer is unreadable. */
  readonly absent?: 'free' | undefined;
  /** Without `taken` and `free`: `$.status` is `booked` or `available`. One alone also says the opposite, after 2xx. */
  readonly taken?: Conditions | undefined;
  readonly free?: Conditions | undefined;
  /** When an answer says that an operation happened, in place of `taken` and `free`. */
  readonly holds?: Readonly<Record<string, Conditions>> | undefined;
  /** How many units are booked: a number, or a list with one entry for each. It replaces `taken` and `free`. */
  readonly units?: Extractor | undefined;
  /** How many units are left: the capacity minus that is booked. */
  readonly remaining?: Extractor | undefined;
  /** The ids of the bookings. */
  readonly orderIds: Extractor;
  /** The owners of the bookings. */
  readonly owners?: Extractor | undefined;
}

/** What a question is about: an inventory, or a part of one. */
export interface Subject {
  readonly key: string;
  /** What its placeholders stand for, `key` among them. */
  readonly values: Values;
  /** How many units of it exist, a whole number or a decimal. */
  readonly capacity: Amount;
}

type Recorded = Extract<ReadBack, { readonly kind: 'read' }>;
/** What an answer says about a subject. */
export type Read = Omit<Recorded, 'kind' | 'inventory' | 'when' | 'unsettled' | 'book'>;
export interface Unreadable {
  readonly error: string;
}
export type Reading = Read | Unreadable;

/** As many as there can be contenders. */
const MAX_ORDER_IDS = 20_000;
/** A list of everything may be long, and the race is over by then. */
const MAX_UNPACKED_BYTES = 16 * 1024 * 1024;

const USUAL = { taken: { body: { '$.status': 'booked' } }, free: { body: { '$.status': 'available' } } };

/**
 * Makes the function that reads what the server says about an inventory. An answer is unreadable, and leaves doubts
 * standing, where it proves neither "taken" nor "free", or both; where its status is not 2xx, unless a condition names it
 * (404 may mean "free"); and where the id of an order cannot be read, because nobody knows how many orders there are then.
 */
export function answerReader(rules: ReadBackRules): (reply: WireReply, subject: Subject) => Reading {
  const conditions = rules.holds === undefined ? [rules.taken ?? [], rules.free ?? []] : Object.values(rules.holds);
  const hasCount = rules.units !== undefined || rules.remaining !== undefined;
  const named = hasCount ? [] : conditions.flat().flatMap(({ status }) => status ?? []);
  // A page is for people, unless the suite reads its text: then it is one that the suite knows.
  const readsPages =
    conditions.flat().some(({ text }) => text !== undefined) ||
    [rules.units, rules.remaining, rules.orderIds].some((where) => typeof where === 'object' && 'text' in where);
  // One answer may be about many inventories.
  const read = new WeakMap<WireReply, ReadableAnswer>();

  return (reply, subject) => {
    if (reply.kind !== 'complete') return { error: `${reply.failure}: ${reply.error}`.slice(0, 200) };
    if (!hasStatus(['200-299', ...named], reply.status)) return { error: `status ${reply.status}` };
    const answer = read.get(reply) ?? searchable(readAnswer(reply, MAX_UNPACKED_BYTES));
    read.set(reply, answer);
    if (answer.lost !== undefined) return { error: answer.lost };
    if (reply.status < 300 && !answer.isSound && !(answer.isPage && readsPages))
      return { error: 'the answer is a page, or was cut short' };
    const readPart = partReader(rules, subject);
    if (rules.each === undefined) return readingOf(readPart(answer), subject);
    const parts = partsOf(answer, fillJsonPath(rules.each, subject.values));
    if (parts.length > 0) return readingOf(together(parts.map(readPart)), subject);
    if (rules.absent === 'free') return { units: 0, orderIds: [], counts: false };
    return { error: `each selects nothing: ${fillJsonPath(rules.each, subject.values)}` };
  };
}

/** The parts of an answer that a JSONPath selects, each as an answer of its own. */
function partsOf(answer: ReadableAnswer, path: string): ReadableAnswer[] {
  if (answer.json === undefined) return [];
  const nodes = [...compile(path).query(answer.json as never)];
  let whole: unknown;
  return nodes.map(({ value, location }) => ({
    ...answer,
    json: value,
    exact() {
      whole ??= answer.exact();
      return location.reduce<unknown>((at, step) => (at as Record<string | number, unknown>)[step], whole);
    },
  }));
}

type Part = Reading & { readonly left?: Amount };

function partReader(rules: ReadBackRules, { values }: Subject): (answer: ReadableAnswer) => Part {
  const orderIdsOf = idsReader(filledIn(rules.orderIds, values), 'orderIds');
  const ownersOf = rules.owners === undefined ? undefined : idsReader(filledIn(rules.owners, values), 'owners');
  const countOf = countReader(rules, values);
  return (answer) => {
    const ids = orderIdsOf(answer);
    if ('error' in ids) return ids;
    const owners = ownersOf?.(answer);
    if (owners !== undefined && 'error' in owners) return owners;
    const count = countOf(answer, owners === undefined ? ids.ids : longer(ids.ids, owners.ids));
    return 'error' in count
      ? count
      : { ...count, orderIds: ids.ids, ...(owners !== undefined && { owners: owners.ids }) };
  };
}

/** Where a value is found, with the placeholders filled in. */
function filledIn(where: Extractor, values: Values): Extractor {
  if (typeof where === 'string') return fillJsonPath(where, values);
  if ('text' in where) return { text: fillPattern(where.text, values) };
  return { ...where, ...(where.match !== undefined && { match: fillPattern(where.match, values) }) };
}

const longer = (a: readonly string[], b: readonly string[]) => (a.length >= b.length ? a : b);

function idsReader(
  where: Extractor,
  name: string,
): (answer: ReadableAnswer) => { readonly ids: string[] } | Unreadable {
  const select = extractor(where);
  return (answer) => {
    const selected = select(answer).filter((id) => id !== null && id !== '');
    if (!selected.every(isText)) return { error: `the ids of the orders are not text: correct the path of ${name}` };
    if (selected.length > MAX_ORDER_IDS) return { error: `the answer names more than ${MAX_ORDER_IDS} orders` };
    return { ids: selected.map((id) => String(id)) };
  };
}

type Counted = Omit<Read, 'orderIds' | 'owners' | 'remaining'> & { readonly left?: Amount };
type Count = (answer: ReadableAnswer, bookings: readonly string[]) => Counted | Unreadable;

function countReader(rules: ReadBackRules, values: Values): Count {
  if (rules.units !== undefined) return unitsReader(filledIn(rules.units, values));
  if (rules.remaining !== undefined) return remainingReader(filledIn(rules.remaining, values));
  return rules.holds === undefined ? conditionReader(rules, values) : holdsReader(rules.holds, values);
}

function unitsReader(where: Extractor): Count {
  const select = extractor(where);
  return (answer) => {
    const units = unitsIn(select(answer));
    return units === undefined ? { error: 'the answer names no number of units' } : { units };
  };
}

/** Several numbers are added. */
function unitsIn(selected: readonly unknown[]): number | undefined {
  if (selected.length === 0) return undefined;
  const numbers = selected.map((value) => {
    if (Array.isArray(value)) return value.length;
    return isText(value) && /^\d{1,15}$/.test(String(value)) ? Number(value) : Number.NaN;
  });
  const units = numbers.reduce((sum, number) => sum + number, 0);
  return Number.isSafeInteger(units) ? units : undefined;
}

function remainingReader(where: Extractor): Count {
  const select = extractor(where);
  return (answer) => {
    const left = sumOf(select(answer).map((value) => (Array.isArray(value) ? value.length : value)));
    return left === undefined || Number.isNaN(left)
      ? { error: 'the answer does not say how much is left' }
      : { units: 0, left };
  };
}

function conditionReader({ taken, free }: ReadBackRules, values: Values): Count {
  const isUsual = taken === undefined && free === undefined;
  const rules = isUsual ? USUAL : { taken, free };
  const isTaken = rules.taken && testOf(rules.taken, values);
  const isFree = rules.free && testOf(rules.free, values);
  const opposite = (test: Test | undefined, answer: ReadableAnswer) =>
    hasStatus(['200-299'], answer.status) && test?.(answer) === false;
  // Shows the conditions, not the answer: that may hold anything, also a secret.
  const expected = [
    rules.taken && `taken ${JSON.stringify(rules.taken)}`,
    rules.free && `free ${JSON.stringify(rules.free)}`,
  ]
    .filter((text) => text !== undefined)
    .join(' and ')
    .slice(0, 200);
  return (answer, bookings) => {
    const saysTaken = isTaken?.(answer) ?? opposite(isFree, answer);
    const saysFree = isFree?.(answer) ?? opposite(isTaken, answer);
    if (saysTaken === saysFree) return { error: `the answer says ${saysTaken ? 'both' : 'neither'}: ${expected}` };
    if (saysFree && bookings.length > 0) return { error: 'the answer says free, and names orders' };
    // "Taken" may be one unit of many, and "free" may mean that some are left.
    return bookings.length === 0 ? { units: saysTaken ? 1 : 0, counts: false } : { units: bookings.length };
  };
}

function holdsReader(rules: Readonly<Record<string, Conditions>>, values: Values): Count {
  const tests = Object.entries(rules).map(([operation, rule]) => [operation, testOf(rule, values)] as const);
  return (answer) => {
    const holds = tests.filter(([, test]) => test(answer)).map(([operation]) => operation);
    return { units: holds.length > 0 ? 1 : 0, holds, counts: false };
  };
}

/** Conditions in which placeholders are filled in. */
function testOf(conditions: Conditions, values: Values): Test {
  const filled = (path: string) => fillJsonPath(path, values);
  return compileCondition(
    [conditions].flat().map((condition) => ({
      ...condition,
      ...(condition.body && {
        body: Object.fromEntries(Object.entries(condition.body).map(([path, value]) => [filled(path), value])),
      }),
      ...(condition.text !== undefined && { text: fillPattern(condition.text, values) }),
      ...(condition.has && { has: condition.has.map(filled) }),
      ...(condition.lacks && { lacks: condition.lacks.map(filled) }),
    })),
  );
}

/** Several parts are about one inventory: their units, orders and owners are added up. */
function together(parts: readonly Part[]): Part {
  const unread = parts.find((part) => 'error' in part);
  if (unread !== undefined) return unread;
  const read = parts as readonly (Read & Pick<Part, 'left'>)[];
  const left = read.flatMap((part) => part.left ?? []);
  const holds = [...new Set(read.flatMap((part) => part.holds ?? []))];
  return {
    units: read.reduce((sum, { units }) => sum + units, 0),
    orderIds: read.flatMap(({ orderIds }) => orderIds),
    ...(read.some(({ owners }) => owners) && { owners: read.flatMap(({ owners = [] }) => owners) }),
    ...(left.length > 0 && { left: addUp(left) }),
    ...(read.some((part) => part.holds) && { holds }),
    // Several parts that are taken are as many bookings.
    ...(read.some(({ counts }) => counts === false) && read.length === 1 && { counts: false as const }),
  };
}

/** What is left is what is not booked. */
function readingOf(part: Part, subject: Subject): Reading {
  if ('error' in part) return part;
  const { left, ...read } = part;
  return left === undefined ? counted(read) : leaving(left, subject, read);
}

/** What is read where so much is left: the other whole units are booked. */
export function leaving(left: Amount, { capacity }: Subject, who: Omit<Read, 'units'>): Reading {
  if (!isRecordable(left))
    return { error: `what is left has too many digits, or is no decimal such as 12.50: ${left}` };
  const units = Math.max(0, Math.trunc(Number(minus(capacity, left))));
  return counted({ ...who, units, remaining: String(left) });
}

/** A history holds no larger numbers of units: they would not be exact. */
const counted = (read: Read): Reading =>
  Number.isSafeInteger(read.units) ? read : { error: 'the answer means more units than can be counted' };

import { type Condition, MESSAGE_NAMES, type ReadableAnswer } from '../../recording/index.ts';
import { escaped, type Gaps } from './gaps.ts';
import { type Leaf, lastName, leavesOf, valuesAt } from './leaves.ts';
import {
  BAD_FLAG,
  CODE_NAME,
  COUNT_NAME,
  ERROR_NAME,
  GOOD_FLAG,
  OTHER_NAME,
  PASSING_NAME,
  STATE_NAME,
} from './names.ts';
import { asPattern, asText, piecesOf, runsIn, wordsIn } from './runs.ts';

/** A condition that may tell one answer from the others, and how much it can be trusted. */
export interface Tell {
  readonly condition: Condition;
  readonly score: number;
}

export interface Side {
  readonly answer: ReadableAnswer;
  readonly others: readonly ReadableAnswer[];
  readonly isSuccess: boolean;
  /** The JSONPath of the id of the order, where it has one. */
  readonly orderId?: string | undefined;
  readonly gaps: Gaps;
  /** Words that say nothing, such as the name of the seat in the read-back. */
  readonly known: readonly string[];
  /** Words that differ are about what happened, not about who booked. */
  readonly isSameUser: boolean;
}

/** Everything in the body that may tell this answer from the others, the best first. Not all of it does. */
export function tellsOf(side: Side): readonly Tell[] {
  const { answer } = side;
  const tells = answer.json === undefined ? textTells(side) : [...jsonTells(side), ...absenceTells(side)];
  return tells.toSorted((a, b) => b.score - a.score);
}

function jsonTells(side: Side): readonly Tell[] {
  const { answer, orderId, gaps } = side;
  const idTells: Tell[] = side.isSuccess && orderId !== undefined ? [{ condition: { has: [orderId] }, score: 90 }] : [];
  return [...idTells, ...leavesOf(answer.json, gaps).flatMap((leaf) => leafTells(leaf, side))];
}

function leafTells(leaf: Leaf, side: Side): readonly Tell[] {
  const { path, value } = leaf;
  const name = lastName(leaf);
  if (value === null || PASSING_NAME.test(name)) return [];
  const theirs = side.others.flatMap((other) => valuesAt(other.json, path));
  if (theirs.includes(value)) return [];
  const isNew = theirs.every((other) => other === null);
  return [
    ...errorTells(leaf, side, theirs),
    ...(typeof value === 'boolean' ? flagTell(leaf, isNew) : []),
    ...(typeof value === 'number' ? numberTell(leaf, side, isNew) : []),
    ...(typeof value === 'string' ? stringTells(leaf, side, isNew) : []),
    ...(isNew && typeof value !== 'boolean' && !leaf.names.some((one) => OTHER_NAME.test(one))
      ? [{ condition: { has: [path] }, score: MESSAGE_NAMES.includes(name) ? 45 : 15 }]
      : []),
  ];
}

/** An answer with an error in it, and one without: `{ error: { code, message } }`, the `errors` of GraphQL. */
function errorTells(leaf: Leaf, { isSuccess }: Side, theirs: readonly unknown[]): readonly Tell[] {
  const { path, value } = leaf;
  const error = errorPathOf(leaf);
  if (isSuccess || error === undefined || !isErrorValue(value)) return [];
  const isAlways = theirs.some((other) => other !== null && typeof other !== 'object');
  return [
    { condition: { has: [error] }, score: 95 },
    { condition: { has: [path] }, score: 94 },
    ...(isAlways ? [{ condition: { body: { [path]: { not: theirs[0] as string } } }, score: 93 }] : []),
  ];
}

const isErrorValue = (value: unknown): boolean => value !== null && value !== '' && value !== false && value !== 0;

/** The path down to what is called an error, and into it where it is a list. */
export function errorPathOf({ path }: Leaf): string | undefined {
  const steps = path.match(/\.\*|\.\w+|\[\d+\]|\['(?:\\.|[^'\\])*'\]/g) ?? [];
  const at = steps.findIndex((step) => ERROR_NAME.test(step.replace(/^\.|^\['|'\]$/g, '')));
  if (at < 0) return undefined;
  const isList = /^\[\d+\]$/.test(steps[at + 1] ?? '');
  return ['$', ...steps.slice(0, at + (isList ? 2 : 1))].join('');
}

function flagTell(leaf: Leaf, isNew: boolean): readonly Tell[] {
  const name = lastName(leaf);
  const isFlag = GOOD_FLAG.test(name) || BAD_FLAG.test(name) || leaf.names.length === 0;
  return [{ condition: { body: { [leaf.path]: leaf.value } }, score: isFlag ? (isNew ? 70 : 100) : 12 }];
}

function numberTell(leaf: Leaf, { isSuccess, orderId }: Side, isNew: boolean): readonly Tell[] {
  const [name, value] = [lastName(leaf), Number(leaf.value)];
  if (leaf.path === orderId) return [];
  if (COUNT_NAME.test(name) && isSuccess === value > 0) {
    return [{ condition: { body: { [leaf.path]: isSuccess ? { above: 0 } : value } }, score: 75 }];
  }
  const isCode = CODE_NAME.test(name) && Number.isInteger(value) && Math.abs(value) < 100_000;
  return isCode ? [{ condition: { body: { [leaf.path]: value } }, score: isNew ? 78 : 91 }] : [];
}

const ENUM = /^\p{L}[\p{L} _.:-]{0,39}$/u;
const CODE = /^[A-Z][\w.:-]{1,39}$/;

function stringTells(leaf: Leaf, side: Side, isNew: boolean): readonly Tell[] {
  const { gaps, isSuccess } = side;
  const [name, value] = [lastName(leaf), String(leaf.value)];
  if (leaf.path === side.orderId || gaps.isAll(value)) return isSuccess ? [] : codeTell(leaf, side);
  const isMessage = MESSAGE_NAMES.includes(name) && name !== 'reason';
  if (ENUM.test(value) && !gaps.isIn(value) && STATE_NAME.test(name) && !/\s\S+\s/.test(value)) {
    return [
      {
        condition: { body: { [leaf.path]: value } },
        score: /^(?:reason|type|kind)$/i.test(name) ? 65 : isNew ? 80 : 92,
      },
    ];
  }
  if (leaf.names.some((one) => OTHER_NAME.test(one))) return [];
  const isSaid = isMessage || leaf.names.length === 0;
  const runs = runsIn(value, knownTo(side), gaps, isSuccess).filter(({ isTelling }) => isTelling || isSaid);
  return runs.map((run) => ({
    condition: { body: { [leaf.path]: asPattern(run) } },
    score: (isSaid ? 40 : 20) + (run.isTelling ? 10 : 0),
  }));
}

/** `E4091` looks like an id, and is the code of an error where a field says so. */
function codeTell({ path, value, names }: Leaf, { gaps }: Side): readonly Tell[] {
  const isCode = STATE_NAME.test(names.at(-1) ?? '') && CODE.test(String(value)) && !gaps.isOwn(String(value));
  return isCode ? [{ condition: { body: { [path]: value } }, score: 62 }] : [];
}

/** What the others have and this answer lacks: a success names no error, a refusal names no order. */
function absenceTells({ answer, others, isSuccess, orderId, gaps }: Side): readonly Tell[] {
  if (!isSuccess) return orderId === undefined ? [] : [{ condition: { lacks: [orderId] }, score: 35 }];
  const leaves = others.flatMap((other) => leavesOf(other.json, gaps)).filter(({ value }) => isErrorValue(value));
  const errors = [...new Set(leaves.flatMap((leaf) => errorPathOf(leaf) ?? []))];
  const others_ = leaves.filter((leaf) => errorPathOf(leaf) === undefined && !PASSING_NAME.test(lastName(leaf)));
  const absent = (paths: readonly string[], score: number) =>
    paths
      .filter((path) => valuesAt(answer.json, path).every((value) => value === null))
      .map((path) => ({ condition: { lacks: [path] }, score }));
  return [
    ...absent(errors, 60),
    ...absent(
      others_.map(({ path }) => path),
      10,
    ),
  ];
}

function textTells(side: Side): readonly Tell[] {
  const { answer, gaps, isSuccess } = side;
  const known = knownTo(side);
  const pieces = piecesOf(answer.text);
  // A page greets its user, and has room for more words than the ones that count.
  const isMarkup = /^\s*</.test(answer.text);
  const only = pieces.length === 1 && !gaps.isIn(pieces[0] ?? '') ? pieces[0] : undefined;
  return [
    ...pieces.flatMap((piece) =>
      runsIn(piece, known, gaps, isSuccess)
        .filter(({ isTelling }) => isTelling || side.isSameUser || !isMarkup)
        .map((run) => ({
          condition: { text: asText(run) },
          score: run.isTelling ? 65 : Math.min(run.text.length, 20) + 10,
        })),
    ),
    ...(only !== undefined && only.length <= 40 && !answer.isPage
      ? [{ condition: { text: `/^${/^\s/.test(answer.text) ? '\\s*' : ''}${escaped(only)}\\s*$/` }, score: 66 }]
      : []),
    ...(pieces.length === 0 ? [{ condition: { text: '/^\\s*$/' }, score: 5 }] : []),
  ];
}

const knownTo = ({ others, known }: Side): ReadonlySet<string> =>
  new Set([...known.flatMap(wordsIn), ...others.flatMap(({ text }) => wordsIn(text))]);

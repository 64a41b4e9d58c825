import { compile } from 'json-p3';
import * as z from 'zod';
import { conditionsWith } from './condition.ts';
import { extractorWith } from './extractor.ts';
import { milliseconds } from './milliseconds.ts';
import { pathOrUrl } from './path-or-url.ts';
import { readBackHeaders } from './request-headers.ts';

const url = pathOrUrl(
  /^(\/|https?:\/\/[^/{}]+(\/|$))/,
  'must begin with /, such as /seats/{seatId}, or be a URL such as https://…',
);

/** A JSONPath in which `{key}` and the fields of the inventory are placeholders. */
const pathTemplate = z.string().superRefine((text, context) => {
  try {
    compile(text.replace(/\.?\{[A-Za-z_]\w*\}/g, (name) => (name.startsWith('.') ? '.x' : '0')));
  } catch (error) {
    context.addIssue({ code: 'custom', message: `is not a JSONPath (RFC 9535): ${(error as Error).message}` });
  }
});

const found = extractorWith(pathTemplate);
const conditions = conditionsWith(pathTemplate, 'ReadBackCondition');

const time = {
  // No default here: only what the suite writes itself lets the read-back decide.
  settleMs: milliseconds
    .optional()
    .describe(
      'Milliseconds to wait after the last round before asking: as long as the target needs to decide. If you set it, the ' +
        'read-back decides attempts that were accepted with 202: the plugin asks until the answer stays the same, for at most ' +
        'as long again. Default: 200',
    ),
  timeoutMs: milliseconds.default(5000).describe('Milliseconds that one answer may take'),
  retries: z
    .int()
    .min(0)
    .max(10)
    .default(2)
    .describe('How often to ask again if the answer cannot be read, or holds less than was acknowledged'),
};

/** How the answer to a request says who owns an inventory. */
const reading = {
  each: pathTemplate
    .optional()
    .describe(
      'JSONPath of the part of the answer that is about this inventory; all other paths are relative to it. If the ' +
        'request has no placeholder, it is sent once for all inventories',
    ),
  absent: z
    .enum(['free'])
    .optional()
    .describe('`free`: where `each` selects nothing, the inventory is free. Default: such an answer cannot be read'),
  taken: conditions
    .optional()
    .describe(
      'When an answer says that the inventory is booked. Default: the opposite of `free`, else `$.status` is `booked`',
    ),
  free: conditions
    .optional()
    .describe(
      'When an answer says that the inventory is free. Default: the opposite of `taken`, else `$.status` is `available`',
    ),
  holds: z
    .record(z.string().min(1), conditions)
    .optional()
    .describe(
      'Operation → when an answer says that it happened: `{ pay: { … }, cancel: { … } }`. It replaces `taken` and `free`',
    ),
  units: found
    .optional()
    .describe(
      'How many units are booked: a number, or the list of bookings. It replaces `taken` and `free`. ' +
        'Default: as many as `orderIds` names, at least 1 if it is taken',
    ),
  remaining: found
    .optional()
    .describe(
      'How many units are left: a number, or the list of them, in place of `units`: the capacity minus that is booked',
    ),
  orderIds: found.default('$.order_ids[*]').describe('The ids of the bookings'),
  owners: found.optional().describe('The owners of the bookings, compared with `user` of the `race:` lines'),
};

const settings = z
  .strictObject({
    path: url.optional().describe('The same as `get`'),
    get: url
      .optional()
      .describe(
        'The request: a path below the target, or a URL. `{key}` becomes the key of the inventory, `{name}` its field of that ' +
          'name; a name that is no field, alone in its URL, becomes the key',
      ),
    post: url.optional().describe('The same, sent as POST, with `json`'),
    json: z
      .union([z.record(z.string(), z.unknown()), z.array(z.unknown())], 'must be a mapping or a list')
      .optional()
      .describe('The body of the POST; `{key}` and `{field}` in its texts are placeholders'),
    headers: readBackHeaders.optional().describe('Headers of the request, on top of those of a virtual user'),
    as: z
      .string()
      .min(1)
      .optional()
      .describe('Who asks: the `username` or `client_id` of a row of `signIn.identities`. Default: a virtual user'),
    ...reading,
    sql: z
      .string()
      .min(1)
      .optional()
      .describe(
        'A statement that reads, in place of a request. `$1` or `?` is the key, `{field}` a field, each bound as a parameter. ' +
          'One row is one booking (columns `order_id`, `owner`), or one row has `units` or `remaining`',
      ),
    database: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Where `sql` runs: `postgres://…`, `mysql://…`, `mariadb://…`, `sqlite:///absolute` or `sqlite:relative-to-script`',
      ),
    function: z
      .string()
      .min(1)
      .optional()
      .describe('Name of a function that the processor exports, in place of a request: see the type `WhoOwns`'),
    ...time,
  })
  .superRefine((book, context) => {
    for (const { path, message } of mistakesIn(book)) context.addIssue({ code: 'custom', path: [path], message });
  })
  .transform(bookOf);

type Written = { readonly [name in (typeof KINDS)[number] | keyof typeof reading | string]?: unknown };

/** What asks; a book has exactly one of them. */
const KINDS = ['path', 'get', 'post', 'sql', 'function'] as const;
const OF_REQUEST = ['json', 'headers', 'as', ...Object.keys(reading)];
/** Each says by itself how much is booked. */
const COUNTS = ['units', 'remaining', 'holds'] as const;

function mistakesIn(book: Written): { readonly path: string; readonly message: string }[] {
  const [kind, second] = KINDS.filter((name) => book[name] !== undefined);
  if (kind === undefined) return [{ path: 'get', message: 'must say whom to ask: get, post, sql or function' }];
  const has = (name: string) => book[name] !== undefined && !(name === 'orderIds' && book[name] === '$.order_ids[*]');
  const [count, otherCount] = COUNTS.filter(has);
  const isRequest = kind !== 'sql' && kind !== 'function';
  return [
    ...(second === undefined ? [] : [{ path: second, message: `must be left out: ${kind} says whom to ask` }]),
    ...(otherCount === undefined
      ? []
      : [{ path: otherCount, message: `must be left out: ${count} says what is booked` }]),
    ...(has('holds') ? ['taken', 'free'].filter(has) : []).map((path) => ({
      path,
      message: 'must be left out: holds says what is booked',
    })),
    ...(has('json') && isRequest && kind !== 'post' ? [{ path: 'json', message: 'must be sent with post' }] : []),
    ...(has('absent') && isRequest && !has('each') ? [{ path: 'absent', message: 'needs each' }] : []),
    ...(isRequest ? [] : OF_REQUEST.filter(has)).map((path) => ({ path, message: `must be left out beside ${kind}` })),
    ...(kind !== 'sql' && has('database') ? [{ path: 'sql', message: 'missing: database says where it runs' }] : []),
    ...(kind === 'sql' && !has('database')
      ? [{ path: 'database', message: 'must say where sql runs, such as "{{ $env.DATABASE_URL }}" or sqlite:file.db' }]
      : []),
  ];
}

type Parsed = z.output<z.ZodObject<typeof reading>> &
  z.output<z.ZodObject<typeof time>> & {
    readonly [name in (typeof KINDS)[number] | 'database' | 'as']?: string | undefined;
  } & { readonly json?: unknown; readonly headers?: Readonly<Record<string, string | number>> | undefined };

function bookOf({ path, get, post, sql, database, function: name, json, headers, as, ...rest }: Parsed) {
  const { settleMs, timeoutMs, retries, ...how } = rest;
  const common = { settleMs, timeoutMs, retries };
  if (sql !== undefined) return { kind: 'sql' as const, sql, database: database ?? '', ...common };
  if (name !== undefined) return { kind: 'function' as const, function: name, ...common };
  const request = { method: post === undefined ? ('GET' as const) : ('POST' as const), json, headers, as };
  return { kind: 'http' as const, path: path ?? get ?? post ?? '', ...request, ...how, ...common };
}

const path = url.transform((text): z.input<typeof settings> => ({ path: text })).pipe(settings);
const one = (book: BookSettings) => [book];

export const readBack = z.union(
  [
    z.literal(false).transform(() => undefined),
    z.literal('off').transform(() => undefined),
    path.transform(one),
    settings.transform(one),
    z.array(z.union([path, settings], 'must be a path such as /seats/{seatId}, or a mapping')).min(1),
  ],
  'must be off, a path such as /seats/{seatId}, or a mapping with one',
);

/** One way to ask who owns what: a book in which the system under test writes it down. */
export type BookSettings = z.output<typeof settings>;
export type HttpBook = Extract<BookSettings, { readonly kind: 'http' }>;
export type SqlBook = Extract<BookSettings, { readonly kind: 'sql' }>;
export type FunctionBook = Extract<BookSettings, { readonly kind: 'function' }>;
/** All books that are asked, in order. */
export type ReadBackSettings = readonly BookSettings[];

/** What people call a read-back. It holds no secret. */
export function bookName(book: BookSettings): string {
  switch (book.kind) {
    case 'http':
      return `${book.method} ${book.path.replace(/\?.*$/s, '').replace(/\/\/[^@/]*@/, '//')}`;
    case 'sql':
      return `the statement in ${book.database.replace(/:.*$/s, '')}`;
    case 'function':
      return `the function ${book.function}`;
  }
}

/** The rows of `signIn.identities` that read-backs use (`as`). No virtual user gets one of them. */
export const readBackIdentities = (books: ReadBackSettings = []): string[] =>
  books.flatMap((book) => (book.kind === 'http' ? (book.as ?? []) : []));

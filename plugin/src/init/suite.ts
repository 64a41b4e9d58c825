import { isMapping } from '../../../model/json.ts';
import type { Field } from './capture.ts';
import type { Draft } from './draft.ts';
import { neededHeaders } from './headers.ts';
import { SEAT } from './seat.ts';
import { Block, type Entry, Flow, List, type Node, suiteText } from './suite-text.ts';

/** Everything that a suite says. All secrets in it are templates. */
export interface SuitePlan {
  /** What it was made from: `a cURL command`. */
  readonly from: string;
  /** What the user has to know of the request, a sentence each. */
  readonly remarks: readonly string[];
  /** Path or URL of the editor's schema, as it stands in the modeline. */
  readonly schema: string;
  /** How to run the suite, for the comment on top. */
  readonly command: string;
  /** The one block under `config.environments`. */
  readonly environment: string;
  readonly target: string;
  readonly vus: number;
  readonly variables: Readonly<Record<string, unknown>>;
  /** A CSV of the user's own with who signs in. */
  readonly payload?: { readonly path: string; readonly fields: readonly string[] };
  /** What one of the seats is called, such as `pitch`. */
  readonly label: string;
  readonly inventories: readonly (string | number)[];
  /** Further keys of `plugins.race`, such as `outcome` and `readBack`. */
  readonly race: Readonly<Record<string, unknown>>;
  /** Steps before the loop, which sign in. */
  readonly before: readonly Step[];
  readonly request: Draft;
  /** What the answer to it gives for the steps after it. */
  readonly capture?: Readonly<Record<string, unknown>>;
  /** Steps after the raced one, such as a status page. */
  readonly after: readonly Step[];
}

export interface Step {
  readonly request: Draft;
  readonly capture?: Readonly<Record<string, unknown>>;
  /** Its `race:` line, if it has one. */
  readonly race?: unknown;
  readonly comment?: string;
}

/** A suite is read by people: more lines than this are none of their business. */
const MAX_LINES = 100;

/** The whole suite as YAML, as a person would have written it. */
export function writeSuite(plan: SuitePlan): string {
  const text = render(plan, 'block');
  return text.split('\n').length <= MAX_LINES ? text : render(plan, 'flow');
}

type Layout = 'block' | 'flow';

function render(plan: SuitePlan, layout: Layout): string {
  const head = [
    ` Hypothesis: ${article(plan.label)} is booked for exactly one of those who ask for it at the same instant.`,
    ` yaml-language-server: $schema=${plan.schema}`,
    '',
    ` Written by init from ${plan.from}. Run it:`,
    `   ${plan.command}`,
    ...(plan.remarks.length === 0 ? [] : ['', ...plan.remarks.map((remark) => ` ${remark}`)]),
  ];
  return suiteText(
    head,
    new Block([
      ['config', configOf(plan)],
      ['scenarios', [new Block([['flow', flowOf(plan, layout)]])]],
    ]),
  );
}

const article = (label: string): string => `${/^[aeiou]/.test(label) ? 'an' : 'a'} ${label}`;

function configOf(plan: SuitePlan): Node {
  const { environment, target, vus, variables, payload, label, inventories, race } = plan;
  return new Block([
    ['environments', new Block([[environment, new Flow({ target })]])],
    [
      'phases',
      [new Flow({ duration: 1, arrivalCount: vus }, 'virtual users; all of them go for each of these at once')],
    ],
    ...(payload === undefined
      ? []
      : [
          [
            'payload',
            new Block([
              ['path', payload.path],
              ['fields', new Flow(payload.fields)],
              ['order', 'sequence'],
              ['skipHeader', true],
            ]),
          ] as const,
        ]),
    ...(Object.keys(variables).length === 0 ? [] : [['variables', variables] as const]),
    [
      'plugins',
      new Block([
        [
          'race',
          new Block([
            ...(label === 'seat' ? [] : [['label', label] as const]),
            ...dealt(variables),
            inventoriesEntry(inventories),
            ...Object.entries(race),
          ]),
        ],
      ]),
    ],
  ]);
}

/** Lists of variables are of users. Artillery alone would draw them at random. */
function dealt(variables: SuitePlan['variables']): Entry[] {
  const lists = Object.keys(variables).filter((name) => Array.isArray(variables[name]));
  return lists.length === 0 ? [] : [['inTurn', new Flow(lists, 'each virtual user is the next one of these')]];
}

/** As many seats as fit stand on one line. */
function inventoriesEntry(inventories: SuitePlan['inventories']): Entry {
  const comment = 'one round for each; nobody has booked them yet';
  const { length } = JSON.stringify(inventories);
  if (length <= 60) return ['inventories', new Flow(inventories, comment)];
  return ['inventories', inventories.length <= 40 ? new List(inventories, comment) : new Flow(inventories)];
}

function flowOf(plan: SuitePlan, layout: Layout): Node {
  const raced: Step = {
    request: plan.request,
    ...(plan.capture !== undefined && { capture: plan.capture }),
    race: SEAT,
    comment: 'held until everybody is there; then all go at once',
  };
  const steps = [raced, ...plan.after].map((step) => stepNode(step, plan, layout));
  const loop = new Block([
    ['loop', steps],
    ['over', '$inventories', `the plugin fills in what is listed above`],
  ]);
  return [...plan.before.map((step) => stepNode(step, plan, layout)), loop];
}

/** One request as Artillery writes it. */
export function stepNode(
  { request, capture, race, comment }: Step,
  { target }: Pick<SuitePlan, 'target'>,
  layout: Layout,
): Node {
  const headers = headersOf(request);
  const { url, qs } = urlOf(request, target);
  const { login } = request;
  return new Block([
    [
      request.method.toLowerCase(),
      new Block([
        ['url', url],
        ...(qs === undefined ? [] : [['qs', qs] as const]),
        ...(headers.length === 0 ? [] : [['headers', Object.fromEntries(headers)] as const]),
        ...(login === undefined ? [] : [['auth', new Flow(login)] as const]),
        ...bodyOf(request, layout),
        ...(capture === undefined ? [] : [['capture', new Flow(capture)] as const]),
        ...(race === undefined ? [] : [['race', isMapping(race) ? new Flow(race) : race, comment] as const]),
      ]),
    ],
  ]);
}

/** Artillery knows the type of a form and of JSON; that of a text has to be said. */
function headersOf(request: Draft): readonly Field[] {
  const { body } = request;
  const needed = neededHeaders(request);
  const type = body?.kind === 'text' ? body.type : undefined;
  const isSaid = needed.some(([name]) => name === 'content-type');
  return type === undefined || isSaid ? needed : [...needed, ['content-type', type]];
}

/** A template in a query is not escaped; in `qs` it is. */
function urlOf({ url, origin, segments, query }: Draft, target: string): { url: string; qs?: Record<string, string> } {
  if (url !== undefined) return { url };
  const encoded = (text: string) =>
    text.includes('{{') ? text : encodeURIComponent(text).replace(/%(?:3A|40|2C|3B|24|2B)/gi, decodeURIComponent);
  const path = `${origin === target ? '' : origin}/${segments.map(encoded).join('/')}`;
  if (query.length === 0) return { url: path };
  const names = new Set(query.map(([name]) => name));
  const needsQs = query.some((pair) => pair.join('').includes('{{')) && names.size === query.length;
  if (needsQs) return { url: path, qs: Object.fromEntries(query) };
  const search = query.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
  return { url: `${path}?${search}` };
}

function bodyOf({ body }: Draft, layout: Layout): (readonly [string, Node])[] {
  const shaped = (value: unknown) => (layout === 'flow' ? new Flow(value) : (value as Node));
  switch (body?.kind) {
    case undefined:
      return [];
    case 'json':
      return [['json', shaped(body.value)]];
    case 'form':
    case 'multipart':
      return [[body.kind === 'form' ? 'form' : 'formData', shaped(Object.fromEntries(body.fields))]];
    case 'text':
      return [['body', body.text]];
  }
}

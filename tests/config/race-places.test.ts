import { describe, expect, it } from 'vitest';
import { checkRaceLines } from '../../plugin/src/config/index.ts';
import { plan } from '../support/histories.ts';
import { errorOf } from './resolve.ts';

const raced = { post: { url: '/', race: 'A1' } };
const plain = { post: { url: '/' } };

const check = (script: object, chosen?: string) => checkRaceLines(script, plan(), chosen);
const problemOf = (script: object, chosen?: string) => errorOf(() => check(script, chosen)).message;
const inFlow = (...flow: readonly unknown[]) => ({ scenarios: [{ flow: [raced, ...flow] }] });

describe('a race line that the plugin cannot see', () => {
  it.each<[string, object, string]>([
    ['a scenario of socketio', { engine: 'socketio' }, 'the engine socketio cannot race; only HTTP requests can race'],
    ['a scenario of ws', { engine: 'ws' }, 'the engine ws cannot race'],
    ['a scenario of playwright', { engine: 'playwright' }, 'the engine playwright cannot race'],
    ['an engine of somebody else', { engine: 'kafka' }, 'the engine kafka cannot race'],
  ])('is refused in %s', (_what, scenario, problem) => {
    const flow = [{ loop: [{ get: { url: '/', race: 'A1' } }] }];
    expect(problemOf({ scenarios: [{ flow: [raced] }, { ...scenario, flow }] })).toContain(
      `scenarios.1.flow.0.loop.0.get.race: ${problem}`,
    );
    expect(() => check({ scenarios: [{ flow: [raced] }, { ...scenario, flow: [plain] }] })).not.toThrow();
  });

  it('is refused where config.engine makes another engine the default, unless the scenario says http', () => {
    const config = { engine: 'ws' };
    expect(problemOf({ config, scenarios: [{ flow: [raced] }] })).toContain('the engine ws cannot race');
    expect(() => check({ config, scenarios: [{ engine: 'http', flow: [raced] }] })).not.toThrow();
  });

  it.each<[string, object, string]>([
    ['ws data', { send: { seat: 'A1', race: 'A1' } }, 'send.race: send cannot race'],
    ['a socketio event', { emit: { channel: 'book', race: 'A1' } }, 'emit.race: emit cannot race'],
    ['a ws connection', { connect: { race: 'A1' } }, 'connect.race: connect cannot race'],
    ['a misspelt request', { psot: { url: '/', race: 'A1' } }, 'psot.race: psot cannot race'],
    ['a thought', { think: 1, race: 'A1' }, 'race: is beside the request; move it into the request'],
    ['a message', { log: 'x', race: 'A1' }, 'race: is beside the request'],
    ['a function', { function: 'f', race: 'A1' }, 'race: is beside the request'],
    ['the step of a request', { ...plain, race: 'A1' }, 'race: is beside the request'],
    ['a loop', { loop: [plain], race: 'A1' }, 'race: a loop cannot race; move the line into a request of the loop'],
    ['a parallel step', { parallel: [plain], race: null }, 'race: a parallel cannot race'],
    ['another case', { post: { url: '/', Race: 'A1' } }, 'post.Race: unknown key; did you mean "race"?'],
    ['capitals', { post: { url: '/', RACE: 'A1' } }, 'post.RACE: unknown key; did you mean "race"?'],
    ['a slip', { post: { url: '/', races: 'A1' } }, 'post.races: unknown key; did you mean "race"?'],
    ['swapped letters', { post: { url: '/', rcae: 'A1' } }, 'post.rcae: unknown key; did you mean "race"?'],
  ])('is refused in %s, however deep', (_what, step, problem) => {
    expect(problemOf(inFlow(step))).toContain(`scenarios.0.flow.1.${problem}`);
    expect(problemOf(inFlow({ loop: [{ parallel: [step] }] }))).toContain(
      `scenarios.0.flow.1.loop.0.parallel.0.${problem}`,
    );
  });

  it('is refused beside a flow', () => {
    expect(problemOf({ scenarios: [{ flow: [raced], race: 'A1' }] })).toMatch(
      /^scenarios\.0\.race: a scenario cannot race as a whole; move the line into the request/,
    );
    expect(
      problemOf({ scenarios: [{ flow: [raced] }, { engine: 'playwright', testFunction: 'f', Race: 'A1' }] }),
    ).toContain('scenarios.1.Race: ');
  });

  it.each([
    { post: { url: '/', json: { race: 'A1', Race: 1 }, headers: { race: 'x' } } },
    { post: { url: '/', trace: true, rate: 5 } },
    { propfind: { url: '/', race: 'A1' } },
    { send: { seat: 'A1', race: false } },
    { think: 1 },
  ])('is not seen where there is none: %j', (step) => {
    expect(() => check(inFlow(step))).not.toThrow();
  });
});

describe('a race line of the wrong shape', () => {
  const where = 'scenarios.0.flow.1.post.race';
  const withLine = (race: unknown) => inFlow({ post: { url: '/', race } });

  it.each([true, '', '  ', null, [], ['A1']])('is refused: %j', (race) => {
    expect(problemOf(withLine(race))).toBe(
      `${where}: must be the inventory that the request goes for, such as "A1", or a mapping such as ` +
        `{ inventory: A1 } (received ${JSON.stringify(race)})`,
    );
  });

  it.each([{}, { inventory: '' }, { inventory: null }, { inventory: true }, { inventory: [] }, { user: 'ann' }])(
    'is refused as a mapping: %j',
    (race) => {
      expect(problemOf(withLine(race))).toContain(`${where}.inventory: m`);
    },
  );

  it('is refused where a number is no id', () => {
    expect(problemOf(withLine(1.5))).toBe(
      `${where}: must be an id: put it in quotes, or YAML changes it (received 1.5)`,
    );
    expect(problemOf(withLine({ inventory: 2 ** 60 }))).toContain(`${where}.inventory: must be an id`);
    const inventories = [{ key: '17', capacity: 1 }];
    expect(() => checkRaceLines(withLine(17), plan({ inventories }))).not.toThrow();
    expect(errorOf(() => checkRaceLines(withLine(3), plan({ inventories }))).message).toBe(
      `${where}: is not under config.plugins.race.inventories; known: 17 (received 3)`,
    );
  });
});

describe('a suite in which nothing races', () => {
  const nothing = /^config\.plugins\.race: no request that will run has a race: line, so nothing would race/;

  it.each<[string, object]>([
    ['no line', { scenarios: [{ flow: [plain, { loop: [plain] }] }] }],
    ['lines that are switched off', { scenarios: [{ flow: [{ post: { url: '/', race: false } }] }] }],
    ['a line in a scenario that is never drawn', { scenarios: [{ flow: [raced], weight: 0 }, { flow: [plain] }] }],
    ['no scenario', {}],
  ])('is refused before the first request: %s', (_what, script) => {
    expect(problemOf(script)).toMatch(nothing);
  });

  it.each<[string, object]>([
    ['a condition', { scenarios: [{ flow: [{ post: { url: '/', race: 'A', ifTrue: 'held == 1' } }] }] }],
    ['loops and parallel steps', { scenarios: [{ flow: [{ loop: [{ parallel: [{ loop: [raced] }] }] }] }] }],
    ['one scenario of several', { scenarios: [{ flow: [plain] }, { flow: [raced], weight: '{{ weight }}' }] }],
  ])('is not one with a line below %s', (_what, script) => {
    expect(() => check(script)).not.toThrow();
  });

  const named = {
    scenarios: [
      { name: 'browse', flow: [plain] },
      { name: 'book it', flow: [raced] },
    ],
  };

  it('may depend on --scenario-name', () => {
    expect(() => check(named, 'book')).not.toThrow();
    expect(problemOf(named, 'browse')).toContain('no request of the scenario "browse" has a race: line');
  });

  it.each([
    ['bok it', '--scenario-name: no scenario is called "bok it"; did you mean "book it"?'],
    ['b', '--scenario-name: "b" matches several scenarios: browse, book it; it is a regular expression'],
    ['(', '--scenario-name: Invalid regular expression'],
  ])('is refused with a --scenario-name that names none: %s', (chosen, problem) => {
    expect(problemOf(named, chosen)).toContain(problem);
  });

  it('is told nothing of a body where its lines are switched off', () => {
    expect(problemOf({ scenarios: [{ flow: [{ post: { url: '/', race: false } }] }] }).split('\n')).toHaveLength(1);
  });

  it('may have the line in the body by mistake', () => {
    const json = { seat: 'A1', deep: [{ Race: '{{ $loopElement }}' }] };
    expect(problemOf({ scenarios: [{ flow: [{ post: { url: '/', json } }] }] }).split('\n')).toEqual([
      expect.stringMatching(nothing),
      'scenarios.0.flow.0.post.json.deep.0.Race: is sent to the target; did you mean a race: line of the request? It stands beside its url',
    ]);
  });
});

describe('a seat called "." or ".."', () => {
  const named = (url: string) => ({
    scenarios: [{ flow: [{ loop: [{ post: { url, race: 'A1' } }], over: '$inventories' }] }],
  });
  const dots = plan({ inventories: ['A1', '..'].map((key) => ({ key, capacity: 1 })) });

  it.each(['/seats/{{ $loopElement }}', '/seats/{{ seat }}/hold', 'https://shop.test/{{ seat }}?a=1'])(
    'is refused where it may be a part of a path: %s',
    (url) => {
      expect(errorOf(() => checkRaceLines(named(url), dots)).message).toBe(
        'scenarios.0.flow.0.loop.0.post.url: no URL can name ".." in its path; name it otherwise',
      );
      expect(() => check(named(url))).not.toThrow();
    },
  );

  it.each(['/seats', '/seats?id={{ seat }}', '/seats/{{ seat }}.json', '{{ base }}/seats', 'https://{{ host }}/seats'])(
    'is welcome elsewhere: %s',
    (url) => {
      expect(() => checkRaceLines(named(url), dots)).not.toThrow();
    },
  );
});

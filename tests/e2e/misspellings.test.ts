import { describe, expect } from 'vitest';
import { runSuite } from '../support/artillery.ts';
import { it } from '../support/fixtures.ts';
import { eachSeat, type Suite, suiteFor } from '../support/suites.ts';

/** One wrong word each: [where the error says it is, the word that was meant, the suite with it]. */
type Slip = readonly [place: string, meant: string, suite: Suite];

const BLOCK: readonly (readonly [place: string, meant: string, race: object])[] = [
  ['inventorys', 'inventories', { inventorys: ['A1'] }],
  ['readback', 'readBack', { readback: '/seats/{key}' }],
  ['outcomes', 'outcome', { outcomes: {} }],
  ['word', 'words', { word: { one: 'invite' } }],
  ['words.onee', 'one', { words: { onee: 'invite', one: 'invite' } }],
  ['instanzes', 'instances', { instanzes: ['http://127.0.0.1:1'] }],
  ['rule.gaples', 'gapless', { rule: { name: 'unique', gaples: true }, outcome: { granted: '$.n' } }],
  ['inventories.0.capcity', 'capacity', { inventories: [{ key: 'A1', capcity: 2 }] }],
  ['outcome.sucess', 'success', { outcome: { sucess: { status: [201] } } }],
  ['outcome.success.headers', 'header', { outcome: { success: { headers: { location: 'x' } } } }],
  ['outcome.refusal.txt', 'text', { outcome: { refusal: { txt: '/sold out/' } } }],
  ['outcome.success.body.$.left.abov', 'above', { outcome: { success: { body: { '$.left': { abov: 0 } } } } }],
  ['outcome.orderId.mach', 'match', { outcome: { orderId: { header: 'location', mach: 'x' } } }],
  ['outcome.grantd', 'granted', { outcome: { grantd: '$.id' } }],
  ['outcome.setled', 'settled', { outcome: { setled: {} } }],
  ['outcome.settled.refusl', 'refusal', { outcome: { settled: { refusl: { status: [410] } } } }],
  ['outcome.functon', 'function', { outcome: { functon: 'readAnswer' } }],
  ['readBack.remaning', 'remaining', { readBack: { get: '/seats/{key}', remaning: '$.left' } }],
  ['readBack.owner', 'owners', { readBack: { get: '/seats/{key}', owner: '$.by' } }],
  ['readBack.hold', 'holds', { readBack: { get: '/seats/{key}', hold: {} } }],
  ['readBack.1.eech', 'each', { readBack: ['/seats/{key}', { get: '/seats', eech: '$[*]' }] }],
  ['rule', 'intervals', { rule: 'interval' }],
  ['rule.name', 'exclusive', { rule: { name: 'exlusive', operations: ['pay', 'cancel'] } }],
  ['outcome.redirects', 'follow', { outcome: { redirects: 'folow' } }],
  ['readBack.databse', 'database', { readBack: { sql: 'SELECT 1 AS units', databse: 'sqlite:shop.db' } }],
  ['contenders.eech', 'each', { contenders: { eech: 'any' } }],
  ['limits.spredMs', 'spreadMs', { limits: { spredMs: 5 } }],
];

const LINE: readonly (readonly [place: string, meant: string, line: object, race?: object])[] = [
  ['inventry', 'inventory', { inventry: 'A1' }],
  ['onse', 'once', { onse: 'A1' }],
  ['setles', 'settles', { setles: 'A1' }],
  ['alow', 'allow', { once: 'A1', alow: [404] }],
  ['withinMS', 'withinMs', { settles: 'A1', withinMS: 500 }],
  ['operation', 'cancel', { inventory: 'A1', operation: 'cansel' }, { rule: 'cancel-rebook' }],
  ['jugde', 'judge', { inventory: 'A1', jugde: false }],
  ['idempotencykey', 'idempotencyKey', { inventory: 'A1', idempotencykey: 'k' }, { rule: 'double-submit' }],
  ['form', 'from', { inventory: 'A1', form: 1, to: 2 }, { rule: 'intervals' }],
];

const slips: readonly Slip[] = [
  ...BLOCK.map(([place, meant, race]): Slip => [`config.plugins.race.${place}`, meant, { race }]),
  ...LINE.map(([place, meant, line, race]): Slip => {
    const raced = { post: { url: '/book', json: { seat: 'A1' }, race: line } };
    return [`scenarios.0.flow.0.loop.0.post.race.${place}`, meant, { race, flow: [eachSeat(raced)] }];
  }),
];

describe.concurrent('a misspelt word of the language is one error, with the word that was meant, before anything is booked', () => {
  it.for(slips)('%s', async ([place, meant, suite], { target }) => {
    const server = await target();
    const run = await runSuite(suiteFor(server.url, suite));
    expect(run.code, run.stdout + run.stderr).toBe(2);
    const errors = run.stderr.trim().split('\n');
    expect(errors).toEqual([expect.stringContaining(`Error: ${place}: `)]);
    expect(errors[0]).toContain(`did you mean "${meant}"?`);
    expect([server.requests(), run.files]).toEqual([0, []]);
  });
});

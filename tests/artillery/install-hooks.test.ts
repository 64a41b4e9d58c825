import { describe, expect, it } from 'vitest';
import type { ArtilleryScript, Scenario } from '../../plugin/src/artillery/shared/artillery.ts';
import { hasRacedSteps } from '../../plugin/src/artillery/shared/raced-steps.ts';
import { installHooks } from '../../plugin/src/artillery/worker/install-hooks.ts';

const functions = (name: string) => ({ [name]: () => {} });

function hooked(scenarios: Scenario[], isContender = hasRacedSteps): ArtilleryScript {
  const script: ArtilleryScript = { config: {}, scenarios };
  installHooks(script, {
    isContender,
    begin: functions('begin'),
    beforeRequest: functions('first'),
    beforeRaced: functions('last'),
    afterResponse: functions('heard'),
    onError: functions('lost'),
  });
  return script;
}

const book = (more: object = {}) => ({ post: { url: '/book', race: 'A1', ...more } });

describe('the plugin hooks', () => {
  it('a racing scenario ahead of its own hooks, and its raced requests after theirs', () => {
    const post = book({ beforeRequest: 'sign' });
    const { scenarios, config } = hooked([{ flow: [post], beforeRequest: 'theirs', onError: ['theirs'] }]);
    expect(scenarios).toMatchObject([
      {
        beforeScenario: ['begin'],
        beforeRequest: ['first', 'theirs'],
        afterResponse: ['heard'],
        onError: ['lost', 'theirs'],
        flow: [{ post: { beforeRequest: ['sign', 'last'] } }],
      },
    ]);
    expect(Object.keys(config.processor ?? {}).toSorted()).toEqual(['begin', 'first', 'heard', 'last', 'lost']);
  });

  it('raced requests at any depth, and no others', () => {
    const [deep, other, off] = [book(), { get: { url: '/seats' } }, book({ race: false })];
    hooked([{ flow: [{ loop: [{ parallel: [deep, other] }, off], count: 2 }, { think: 1 }] }]);
    expect(deep.post).toHaveProperty('beforeRequest', ['last']);
    expect(other.get).not.toHaveProperty('beforeRequest');
    expect(off.post).not.toHaveProperty('beforeRequest');
  });

  it('a request once, even if two scenarios share it', () => {
    const shared = book();
    hooked([{ flow: [shared] }, { flow: [shared] }]);
    expect(shared.post).toHaveProperty('beforeRequest', ['last']);
  });

  it('no request of a virtual user that does not race', () => {
    const look = { flow: [{ get: { url: '/seats' } }] };
    expect(hooked([look, { flow: [book()] }]).scenarios?.[0]).toEqual({ ...look, beforeScenario: ['begin'] });
  });

  it('the requests of every virtual user if all of them are contenders', () => {
    const look: Scenario = { flow: [{ get: { url: '/seats' } }] };
    expect(hooked([look], () => true).scenarios?.[0]).toMatchObject({ onError: ['lost'] });
  });
});

import { describe, expect, it, vi } from 'vitest';
import { exitCodeHere } from '../../plugin/src/artillery/shared/exit-code.ts';

describe('the exit code of a machine', () => {
  it.for([
    ['Lambda', { AWS_LAMBDA_FUNCTION_NAME: 'artilleryio-test' }],
    ['ACI', { AQS_QUEUE_NAME: 'queue', SQS_QUEUE_URL: '' }],
  ] as const)('is 0 on %s, which says what it would be elsewhere', ([platform, env]) => {
    const say = vi.fn();
    expect([0, 2, 3, 4, 130].map((code) => exitCodeHere(code, env, say))).toEqual([0, 0, 0, 0, 0]);
    expect(say).toHaveBeenCalledTimes(4);
    expect(say).toHaveBeenCalledWith(expect.stringContaining(`0 instead of 3: on ${platform}`));
  });

  it.for([
    ['Fargate', { SQS_QUEUE_URL: 'https://sqs.example', WORKER_ID: 'w1', IS_LEADER: 'true' }],
    ['a machine of the user', {}],
  ] as const)('is kept on %s', ([, env]) => {
    const say = vi.fn();
    expect([0, 2, 3, 4].map((code) => exitCodeHere(code, env, say))).toEqual([0, 2, 3, 4]);
    expect(say).not.toHaveBeenCalled();
  });
});

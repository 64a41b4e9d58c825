import { createClient } from '@redis/client';
import { describe, expect, it, vi } from 'vitest';
import { parseArguments } from '../../cli/arguments.ts';
import { startMeetingPlace } from '../../cli/meeting-place.ts';

const { signal } = new AbortController();

describe('the Redis where the machines of a demo meet', () => {
  it('starts, and is gone afterwards', async () => {
    const place = await startMeetingPlace(signal);
    const redis = createClient({ url: place.url, socket: { reconnectStrategy: false } });
    redis.on('error', () => {});
    await redis.connect();
    expect(await redis.ping()).toBe('PONG');
    await place.stop();
    await place.stop();
    await expect(createClient({ url: place.url, socket: { reconnectStrategy: false } }).connect()).rejects.toThrow();
  });

  it('needs a program, and says which', async () => {
    vi.stubEnv('PATH', '');
    await expect(startMeetingPlace(signal)).rejects.toThrow('install one');
  });
});

describe('--machines', () => {
  it('is a number of processes, in the demo', () => {
    expect(parseArguments(['demo', '--machines', '3']).machines).toBe(3);
    for (const text of ['1', '9', 'three', '2.5'])
      expect(() => parseArguments(['demo', '--machines', text])).toThrow(
        '--machines must be a whole number from 2 to 8',
      );
    expect(() => parseArguments(['dev', '--machines', '3'])).toThrow('use it with demo, not with dev');
  });
});

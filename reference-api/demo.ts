import { createHash } from 'node:crypto';

/** The event that the demo's seats belong to. */
export const DEMO_EVENT_ID = '5b0f6d0e-3c1a-4f0e-9d57-8a4be1f7c2d3';
/** The session (one evening of the event) that the demo's seats belong to. */
export const DEMO_SESSION_ID = 'c8e2a9b4-71d6-4b5f-8f3c-2d90e6a4715b';
/** The organisation that sells the demo's seats. */
export const DEMO_ORGANIZATION_ID = '1f9d3e58-a642-4c7b-b0e9-64d5f82c3a17';

/** The 16 seats of the demo. They are fixed, so that YAML files and documents can name them. */
export const DEMO_SEATS: readonly string[] = [
  '79cd17f8-6b1e-4d0a-9c52-3fe84a7d1b60',
  'e3a5b0c1-94f7-4e28-8d6b-0c7f52a9e1d4',
  '2d8f6a17-c05b-4b93-a1e4-97b3d60f8c25',
  '9b41e7d3-5f28-4a6c-b7f0-1e5ca8d29463',
  '06c2f95a-e8d1-47b4-8a39-d4f71b0e6c82',
  'b7e4083d-1a9c-4f56-9e02-58d3c6fa7b19',
  '4fa1d62e-73b8-4c0d-a5f7-e20b9c4d8165',
  'd05b9e84-2c6f-4173-8b1d-a96e3f70c5b2',
  '83f7c4a0-b91d-4e5a-9f68-27c1d5e04ba6',
  '1ae6d39b-40f5-4820-b3c7-f5a8e19d2c74',
  'f26b8c05-d7a3-49e1-8e4f-6b0d37c1a598',
  '58d0a3f6-9e24-4b7c-a2d5-c31f84eb7069',
  'c94e1b72-06df-4a38-9b85-0fd7a2c6e513',
  '37b5f8e1-ad40-4c69-8c1e-b4920d6fa7e3',
  'a1c7d04f-8b53-4f92-b6da-7e3c51f9084b',
  '60e9b2d8-f317-4d05-9a74-19c8e6b5fd32',
];

/**
 * Ids of `count` seats, the same every time: first the 16 of the demo, then derived ones.
 *
 * @throws RangeError unless `count` is a whole number of at least 1
 */
export function demoSeats(count: number): readonly string[] {
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`the number of seats must be a whole number from 1, not ${count}`);
  return Array.from({ length: count }, (_, index) => DEMO_SEATS[index] ?? derivedSeat(index + 1));
}

/** A seat beyond the fixed ones: a UUID of version 8, which RFC 9562 leaves to applications to derive. */
function derivedSeat(number: number): string {
  const hex = createHash('sha256').update(`seat ${number}`).digest('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return parts.join('-');
}

/** The client for the client credentials grant. */
export const DEMO_CLIENT = { clientId: 'demo-client', clientSecret: 'demo-client-secret' } as const;

/** A user for the password grant. `user-1` with `pass-1`, `user-2` with `pass-2`, and so on also work. */
export const DEMO_USER = { username: 'demo', password: 'demo-password' } as const;

/** A token that is always accepted, for `ORDER_TOKEN`. */
export const DEMO_TOKEN = 'demo-token';

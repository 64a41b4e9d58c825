import { DEMO_EVENT_ID, DEMO_ORGANIZATION_ID, DEMO_SESSION_ID, DEMO_TOKEN } from '../../reference-api/demo.ts';
import type { Race } from '../race.ts';

export const HEADERS = { authorization: `Bearer ${DEMO_TOKEN}`, 'content-type': 'application/json' } as const;

/** The body of an order. */
export const orderBody = (seatIds: readonly string[]) => ({
  event_id: DEMO_EVENT_ID,
  session_id: DEMO_SESSION_ID,
  seat_ids: seatIds,
  organization_id: DEMO_ORGANIZATION_ID,
  discount_id: null,
});

/** The seats that contender `number`, counted from 0, orders in a round. */
export const seatsFor = ({ pairs }: Race, order: readonly string[], number: number): readonly string[] =>
  pairs && number % 2 === 1 ? order.toReversed() : order;

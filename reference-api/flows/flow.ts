import type { FastifyInstance } from 'fastify';
import { openStrategy, type StoreName } from '../stores/index.ts';
import type { Layout, Seats, StoreSettings } from '../stores/store.ts';
import type { Strategy, Work } from '../strategy.ts';
import type { Tokens } from '../tokens.ts';

/** What routes are given, beside the operations of a strategy. */
export interface RouteContext {
  readonly seatIds: readonly string[];
  readonly tokens: Tokens;
  /** For those whose strategies write the table `bookings (order_id, seat_id)`. */
  readonly openSeats: () => Seats;
}

/** How the operations of a strategy are offered over HTTP, below `/orders`. */
export type Routes<Operations> = (
  operations: Operations,
  context: RouteContext,
) => (app: FastifyInstance) => Promise<void>;

/** A strategy with its routes. What its operations are is known to the two alone. */
export interface Offer extends Pick<Strategy<unknown>, 'summary' | 'source' | 'expected' | 'needs' | 'store'> {
  /** @throws StoreError where its store cannot be opened */
  readonly open: (stores: StoreSettings) => Promise<OpenOffer>;
}

export interface OpenOffer {
  readonly layOut: (layout: Omit<Layout, 'schema'>) => Promise<void>;
  /** Once it was laid out, by whichever process. */
  readonly routes: (work: Work, context: Omit<RouteContext, 'openSeats'>) => ReturnType<Routes<unknown>>;
  readonly close: () => Promise<void>;
}

/** What a scenario asks of a booking system: the ways to do it, by store and by name, the right default first. */
export type Flow = Readonly<Partial<Record<StoreName, Readonly<Record<string, Offer>>>>>;

export function offerOf<Operations>(strategy: Strategy<Operations>, routes: Routes<Operations>): Offer {
  const { summary, source, expected, needs, store } = strategy;
  return {
    summary,
    source,
    expected,
    ...(needs && { needs }),
    store,
    open: async (stores) => {
      const { layOut, prepare, openSeats, close } = await openStrategy(strategy, stores);
      return { layOut, close, routes: (work, context) => routes(prepare(work), { ...context, openSeats }) };
    },
  };
}

/** Strategies of one kind, all behind the same routes. */
export function flowOf<Operations>(
  routes: Routes<Operations>,
  strategies: Readonly<Partial<Record<StoreName, Readonly<Record<string, Strategy<Operations>>>>>>,
): Flow {
  return Object.fromEntries(
    Object.entries(strategies).map(([store, its]) => [
      store,
      Object.fromEntries(Object.entries(its).map(([name, strategy]) => [name, offerOf(strategy, routes)])),
    ]),
  );
}

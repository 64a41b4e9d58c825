import type { FastifyInstance } from 'fastify';
import type { StoreName } from '../stores/index.ts';
import type { Seats, StoreSettings } from '../stores/store.ts';
import { type OpenStrategy, openStrategy, type Strategy, type Work } from '../strategy.ts';
import type { Tokens } from '../tokens.ts';

/** What routes get besides the operations of a strategy. */
export interface RouteContext {
  readonly seatIds: readonly string[];
  readonly tokens: Tokens;
  /** Only for strategies that write the table `bookings (order_id, seat_id)`. */
  readonly openSeats: () => Seats;
}

/** Serves the operations of a strategy over HTTP, below `/orders`. */
export type Routes<Operations> = (
  operations: Operations,
  context: RouteContext,
) => (app: FastifyInstance) => Promise<void>;

/** A strategy together with its routes. Hides the type of the operations, so that all backends have one type. */
export interface Backend extends Pick<Strategy<unknown>, 'summary' | 'source' | 'expected' | 'needs' | 'store'> {
  /** @throws StoreError when the store cannot be opened */
  readonly open: (stores: StoreSettings) => Promise<OpenBackend>;
}

export interface OpenBackend extends Pick<OpenStrategy<unknown>, 'setUp' | 'close' | 'reset'> {
  /** Call it after `setUp`, which may have run in another process. */
  readonly routes: (work: Work, context: Omit<RouteContext, 'openSeats'>) => ReturnType<Routes<unknown>>;
}

/** What one scenario asks of a booking system: its backends by store and by name, the default (a right one) first. */
export type Flow = Readonly<Partial<Record<StoreName, Readonly<Record<string, Backend>>>>>;

export function backendOf<Operations>(strategy: Strategy<Operations>, routes: Routes<Operations>): Backend {
  const { summary, source, expected, needs, store } = strategy;
  return {
    summary,
    source,
    expected,
    ...(needs && { needs }),
    store,
    open: async (stores) => {
      const { setUp, reset, prepare, openSeats, close } = await openStrategy(strategy, stores);
      return { setUp, reset, close, routes: (work, context) => routes(prepare(work), { ...context, openSeats }) };
    },
  };
}

/** Puts strategies of one kind behind the same routes. */
export function flowOf<Operations>(
  routes: Routes<Operations>,
  strategies: Readonly<Partial<Record<StoreName, Readonly<Record<string, Strategy<Operations>>>>>>,
): Flow {
  return Object.fromEntries(
    Object.entries(strategies).map(([store, byName]) => [
      store,
      Object.fromEntries(Object.entries(byName).map(([name, strategy]) => [name, backendOf(strategy, routes)])),
    ]),
  );
}

// An Artillery processor: half of the virtual users list the seats of an order in reverse.

interface Context {
  readonly vars: { isReversed?: boolean };
}

interface Request {
  json: { readonly seat_ids: readonly string[] };
}

let users = 0;

/** A `beforeRequest` hook. */
export async function reverseSeatsForHalf(request: Request, { vars }: Context): Promise<void> {
  vars.isReversed ??= users++ % 2 === 1;
  if (vars.isReversed) request.json = { ...request.json, seat_ids: request.json.seat_ids.toReversed() };
}

// An Artillery processor: half of the virtual users name the seats of their order in the opposite order.

interface Context {
  readonly vars: { isOpposite?: boolean };
}

interface Request {
  json: { readonly seat_ids: readonly string[] };
}

let users = 0;

/** A `beforeRequest` hook. */
export async function inAnyOrder(request: Request, { vars }: Context): Promise<void> {
  vars.isOpposite ??= users++ % 2 === 1;
  if (vars.isOpposite) request.json = { ...request.json, seat_ids: request.json.seat_ids.toReversed() };
}

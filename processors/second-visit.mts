export { authorise, signIn } from './order-race.mts';

/** What the first visit to a seat may have left: the scenarios capture the id of the order, or of the hold, as one of these. */
interface Vars {
  orderId?: unknown;
  holdId?: unknown;
}

/** Function step, before the first visit: what an earlier seat has left is forgotten. */
export async function forget({ vars }: { readonly vars: Vars }): Promise<void> {
  delete vars.orderId;
  delete vars.holdId;
}

/** `ifTrue`: for the one who got the seat at the first visit. */
export const won = ({ orderId, holdId }: Vars): boolean => Boolean(orderId ?? holdId);

/** `ifTrue`: for all others. */
export const lost = (vars: Vars): boolean => !won(vars);

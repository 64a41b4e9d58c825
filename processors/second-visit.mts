export { authorise, signIn } from './order-race.mts';

/** The scenarios capture what the first visit to a seat gave: the id of an order or of a hold. */
interface Vars {
  orderId?: unknown;
  holdId?: unknown;
}

/** Function step, before the first visit to a seat: forgets the ids of the previous seat. */
export async function forget({ vars }: { readonly vars: Vars }): Promise<void> {
  delete vars.orderId;
  delete vars.holdId;
}

/** `ifTrue`: whether this virtual user got the seat at the first visit. */
export const won = ({ orderId, holdId }: Vars): boolean => Boolean(orderId ?? holdId);

/** `ifTrue`: the opposite of `won`. */
export const lost = (vars: Vars): boolean => !won(vars);

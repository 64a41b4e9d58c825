export { authorise, signIn } from './order-race.mts';

interface Context {
  readonly vars: Record<string, unknown> & {
    /** The virtual user's number, from 1; the plugin `race` sets it. */
    readonly $vu?: number;
    /** The cart of this round. */
    readonly $loopElement?: unknown;
  };
}

/**
 * Function step: chooses the idempotency key of this virtual user's order, and how much it orders (`quantity`). Even numbers
 * share one key of the cart, odd numbers another. Every tenth virtual user orders another quantity under a shared key.
 */
export async function chooseKey({ vars }: Context): Promise<void> {
  const { $vu = 1, $loopElement: cart } = vars;
  vars.idempotencyKey = `${cart}-${$vu % 2 === 0 ? 'a' : 'b'}`;
  vars.quantity = $vu % 10 === 0 ? 2 : 1;
}

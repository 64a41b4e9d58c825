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
 * Function step: under which key this virtual user sends the order of the cart (`idempotencyKey`), and what it asks for
 * (`quantity`). Every second one uses a key of its own half; of the others, every tenth user asks for something else.
 */
export async function chooseKey({ vars }: Context): Promise<void> {
  const { $vu = 1, $loopElement: cart } = vars;
  vars.idempotencyKey = `${cart}-${$vu % 2 === 0 ? 'a' : 'b'}`;
  vars.quantity = $vu % 10 === 0 ? 2 : 1;
}

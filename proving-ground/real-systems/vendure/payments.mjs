// How an order is paid, with a lock on the stock or without. Vendure itself has no lock on the stock: it looks whether there is
// enough when the customer goes to the checkout, and takes the stock when the payment has come.

/**
 * A payment that always succeeds, as Vendure's own for tests does.
 *
 * @param core the package @vendure/core
 * @param isLocked whether the rows of the stock are locked, and looked at once more, before any money is taken. Vendure pays
 *   in one transaction, so the lock holds until the order has its stock
 */
export function paymentsOf({ PaymentMethodHandler, StockLevel, TransactionalConnection }, isLocked) {
  let connection;
  return new PaymentMethodHandler({
    code: 'race-payment',
    description: [{ languageCode: 'en', value: 'A payment that succeeds' }],
    args: {},
    init: (injector) => {
      connection = injector.get(TransactionalConnection);
    },
    createPayment: async (ctx, order, amount) => {
      if (isLocked && !(await hasStock(connection.getRepository(ctx, StockLevel), order))) {
        return { amount, state: 'Declined', errorMessage: 'sold out' };
      }
      return { amount, state: 'Settled' };
    },
    settlePayment: () => ({ success: true }),
  });
}

/** Locks the stock of everything in the order, always in the same sequence, and looks whether there is enough of it. */
async function hasStock(levels, order) {
  const wanted = new Map(order.lines.map(({ productVariantId, quantity }) => [String(productVariantId), quantity]));
  const rows = await levels
    .createQueryBuilder('level')
    .setLock('pessimistic_write')
    .where('level.productVariantId IN (:...ids)', { ids: [...wanted.keys()] })
    .orderBy('level.id')
    .getMany();
  return rows.every((row) => row.stockOnHand - row.stockAllocated >= wanted.get(String(row.productVariantId)));
}

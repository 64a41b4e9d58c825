import type { HttpServer } from './http-server.ts';
import { newOrder, openShop, pause, type Shop } from './shop.ts';

/**
 * A second reference API, of another shape: a basket is made, filled and paid. Every answer is a 200 with a flag in the
 * body, and ids are in unusual fields. The wrong one takes the money between check and write.
 */
export function openBasketShop(isRight: boolean): Promise<HttpServer> {
  const baskets = new Map<string, string>();
  const receipts = new Map<string, string[]>();
  const isSold = (item: string) => (receipts.get(item) ?? []).length > 0;
  const refused = [200, { ok: false, error: { text: 'sold out' } }] as const;

  const add = (body: Readonly<Record<string, unknown>>) => {
    if (isSold(String(body.item))) return refused;
    baskets.set(String(body.basket), String(body.item));
    return [200, { ok: true }] as const;
  };
  const pay = async (body: Readonly<Record<string, unknown>>) => {
    const item = baskets.get(String(body.basket)) ?? '';
    if (isSold(item)) return refused;
    await pause(isRight);
    const no = newOrder();
    receipts.set(item, [...(receipts.get(item) ?? []), no]);
    return [200, { ok: true, data: { receipt: { no } } }] as const;
  };

  const shop: Shop = {
    'POST /baskets': ({ name, body }) => {
      if (name === 'add') return add(body);
      if (name === 'pay') return pay(body);
      const ref = newOrder();
      return [200, { ok: true, data: { basket: { ref } } }];
    },
    'GET /items': ({ query }) => {
      const item = query.get('ref') ?? '';
      return [200, { data: { item: { state: isSold(item) ? 'SOLD' : 'FREE', receipts: receipts.get(item) ?? [] } } }];
    },
  };
  return openShop(shop);
}

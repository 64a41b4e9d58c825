import type { WhoOwns } from 'artillery-plugin-race';

/** Reads the export: a line for each booking, `id;seat;buyer;state`. */
export const whoOwns: WhoOwns = async (key, { target }) => {
  const export_ = await (await fetch(`${target}/export.csv`)).text();
  const bookings = export_.split('\n').map((line) => line.split(';'));
  const active = bookings.filter(([, seat, , state]) => seat === key && state !== 'cancelled');
  return { orderIds: active.map(([id = '']) => id), owners: active.map(([, , buyer = '']) => buyer) };
};

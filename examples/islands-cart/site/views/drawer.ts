import type { CartState } from '../state/model';
import { slot, view } from '../state/view';
import { sum } from './header';
import { items, money, yes } from './words';

/** One row a product, in the order in which each came first. */
function rows(cart: CartState) {
  const found = new Map<string, { id: string; title: string; count: number; price: number }>();
  for (const { id, title, price } of cart.items) {
    const row = found.get(id) ?? { id, title, count: 0, price: 0 };
    found.set(id, { ...row, count: row.count + 1, price: row.price + price });
  }
  return [...found.values()].map(({ id, title, count, price }) => ({
    id,
    title,
    count: `${count} ×`,
    price: money(price),
    remove: `Remove one ${title}`,
  }));
}

export const drawer = view(
  (cart) => ({
    open: yes(cart.isDrawerOpen),
    state: cart.items.length === 0 ? 'empty' : 'ok',
    count: items(cart.items.length),
    total: money(sum(cart)),
    rows: rows(cart),
  }),
  {
    open: slot('drawer.open'),
    state: slot('drawer.state'),
    count: slot('drawer.count'),
    total: slot('drawer.total'),
    rows: [
      { id: slot('id'), title: slot('title'), count: slot('count'), price: slot('price'), remove: slot('remove') },
    ],
  },
);

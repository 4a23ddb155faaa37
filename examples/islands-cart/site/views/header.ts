import type { CartState } from '../state/model';
import { slot, view } from '../state/view';
import { items, money, yes } from './words';

export const sum = (cart: CartState): number => cart.items.reduce((cents, item) => cents + item.price, 0);

/** The count and the total that every page carries. */
export const header = view(
  (cart) => ({
    count: items(cart.items.length),
    total: money(sum(cart)),
    /** Whether the button opens the drawer or closes it. */
    opens: yes(!cart.isDrawerOpen),
  }),
  { count: slot('header.count'), total: slot('header.total'), opens: slot('header.opens') },
);

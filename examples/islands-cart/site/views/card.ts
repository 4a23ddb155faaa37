import { LIMIT } from '../state/model';
import { slot, view } from '../state/view';

/** What the card of one product shows of the cart. */
export const card = (id: string) =>
  view(
    (cart) => {
      const count = cart.items.filter((item) => item.id === id).length;
      const full = cart.items.length >= LIMIT;
      return {
        held: count === 0 ? 'Not in your cart' : `${count} in your cart`,
        label: full ? 'Cart is full' : 'Add to cart',
        full: String(full),
      };
    },
    { held: slot(`card.${id}.held`), label: slot('card.label'), full: slot('card.full') },
  );

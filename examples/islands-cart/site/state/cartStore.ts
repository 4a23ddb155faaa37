import { computed, map } from 'nanostores';
import { Replica, type Operation } from '../../../../console/src/state/replica';
import { LIMIT, type CartItem, type CartState } from './model';
import { paintedCart } from './painted';
import { $said } from './said';

/** The cart below all islands, whatever framework they are written in. */
export const $cart = map<CartState>(paintedCart());

/** What it costs; only who shows the price renders anew when it changes. */
export const $totalPrice = computed($cart, (cart) => cart.items.reduce((sum, item) => sum + item.price, 0));

const replica = new Replica<CartState>(paintedCart(), (cart) => $cart.set(cart));

const LOST = 'The shop does not answer. What you see may be old.';

/** Adds one, and opens the drawer; ten are the most. */
export function addToCart(item: CartItem): Promise<boolean> {
  if ($cart.get().items.length >= LIMIT) {
    $said.set(`Your cart holds ${LIMIT} items, which is the limit.`);
    return Promise.resolve(false);
  }
  return perform('/cart/add', { id: item.id }, (cart) =>
    cart.items.length >= LIMIT ? cart : { ...cart, items: [...cart.items, item], isDrawerOpen: true },
  );
}

/** Takes one of a product out again, the last that was added. */
export function removeFromCart(id: string): Promise<boolean> {
  return perform('/cart/remove', { id }, (cart) => {
    const at = cart.items.findLastIndex((item) => item.id === id);
    return at < 0 ? cart : { ...cart, items: cart.items.toSpliced(at, 1) };
  });
}

export function setDrawer(open: boolean): Promise<boolean> {
  return perform('/cart/drawer', { open: open ? 'yes' : 'no' }, (cart) => ({ ...cart, isDrawerOpen: open }));
}

/** Asks the server, for a page that has slept. */
export async function refresh(): Promise<void> {
  const answer = await fetch('/cart', { headers: { accept: 'application/json' } });
  if (answer.ok) replica.adopt(await answer.json());
}

/** Shown at once, and taken back if the server refuses; what the server says counts. */
async function perform(
  path: string,
  fields: Record<string, string>,
  apply: Operation<CartState>['apply'],
): Promise<boolean> {
  if (import.meta.env.SSR) throw new Error('a store is written in a browser only');
  $said.set('');
  const id = crypto.randomUUID();
  replica.begin({ id, apply });
  try {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams(fields),
    });
    const body = await answer.json();
    if (!answer.ok) $said.set(body.detail);
    replica.settle(id, answer.ok ? body : body.cart);
    return answer.ok;
  } catch {
    $said.set(LOST);
    replica.settle(id);
    return false;
  }
}

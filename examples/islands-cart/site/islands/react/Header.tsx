import { useStore } from '@nanostores/react';
import type { FormEvent } from 'react';
import { setDrawer } from '../../state/cartStore';
import { header } from '../../views/header';

/** The shop's name, and what is in the cart: a button for who has scripts, a form for who has none. */
export default function Header() {
  const cart = useStore(header.live, { ssr: header.painted });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void setDrawer(cart.opens === 'yes');
  };
  return (
    <nav aria-label="Shop">
      <a className="name" href="/">
        Enterprise Store
      </a>
      <form method="post" action="/cart/drawer" onSubmit={submit}>
        <input type="hidden" name="open" value={cart.opens} />
        <button className="cart-summary" aria-controls="cart">
          <span className="count">{cart.count}</span>
          <span className="total">{cart.total}</span>
        </button>
      </form>
    </nav>
  );
}

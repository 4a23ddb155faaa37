/** @jsxImportSource preact */
import { useStore } from '@nanostores/preact';
import { removeFromCart, setDrawer } from '../../state/cartStore';
import { drawer } from '../../views/drawer';

/** What is in the cart. It lies over the page, so that nothing moves when it opens. */
export default function Drawer() {
  const cart = useStore(drawer.live, { ssr: drawer.painted });
  const close = (event: Event) => {
    event.preventDefault();
    void setDrawer(false);
  };
  const remove = (event: Event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    void removeFromCart(String(form.get('id')));
  };
  return (
    <aside id="cart" class="drawer" aria-label="Your cart" data-open={cart.open} data-state={cart.state}>
      <header>
        <h2>Your cart</h2>
        <form method="post" action="/cart/drawer" onSubmit={close}>
          <input type="hidden" name="open" value="no" />
          <button class="plain">Close</button>
        </form>
      </header>
      <p class="nothing">Nothing yet. What you add stays here, also when you come back.</p>
      <ul data-each="rows">
        {cart.rows.map((row) => (
          <li key={row.id}>
            <span class="times">{row.count}</span>
            <bdi class="title">{row.title}</bdi>
            <span class="price">{row.price}</span>
            <form method="post" action="/cart/remove" onSubmit={remove}>
              <input type="hidden" name="id" value={row.id} />
              <button class="plain" aria-label={row.remove}>
                Remove
              </button>
            </form>
          </li>
        ))}
      </ul>
      <p class="sum">
        <span>{cart.count}</span>
        <span class="total">{cart.total}</span>
      </p>
    </aside>
  );
}

/* Each of these has a twin in the server (CartPage.java); the parity test holds them together. */

/** Cents as people read them: `$1,234.50`. */
export function money(cents: number): string {
  const whole = String(Math.floor(cents / 100)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return `$${whole}.${String(cents % 100).padStart(2, '0')}`;
}

/** `1 item`, `3 items`. */
export const items = (count: number): string => `${count} ${count === 1 ? 'item' : 'items'}`;

export const yes = (flag: boolean): string => (flag ? 'yes' : 'no');

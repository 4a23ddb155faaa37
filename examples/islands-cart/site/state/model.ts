/** One thing in the cart; as often there as it was added. */
export type CartItem = {
  id: string;
  title: string;
  /** In cents: sums of whole numbers are exact. */
  price: number;
};

/** The cart as the server keeps it. */
export type CartState = {
  /** Names this cart's history: a cart that was emptied by age begins a new one. */
  epoch: string;
  /** Grows by one with each change. */
  rev: number;
  items: CartItem[];
  isDrawerOpen: boolean;
};

/** At most so many items; the server refuses more, whatever a page believes. */
export const LIMIT = 10;

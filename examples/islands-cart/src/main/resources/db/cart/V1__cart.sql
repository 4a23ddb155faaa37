-- A cart; its items are those that were acknowledged, at the price of that day.
CREATE TABLE cart (
  id TEXT PRIMARY KEY,
  epoch TEXT NOT NULL,
  rev INTEGER NOT NULL,
  open INTEGER NOT NULL,
  changed INTEGER NOT NULL
);
CREATE INDEX cart_changed ON cart (changed);
CREATE TABLE cart_item (
  cart TEXT NOT NULL REFERENCES cart (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  product TEXT NOT NULL,
  title TEXT NOT NULL,
  price INTEGER NOT NULL,
  PRIMARY KEY (cart, position)
) WITHOUT ROWID;

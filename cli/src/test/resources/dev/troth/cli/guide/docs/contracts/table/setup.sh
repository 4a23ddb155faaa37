sqlite3 shop.db "CREATE TABLE orders (id INTEGER PRIMARY KEY, email TEXT NOT NULL, placed_at TIMESTAMP)"

/** A state that a server owns: `rev` grows within one `epoch`. */
export interface Versioned {
  epoch: string;
  rev: number;
}

/** Something the user did that the server has not answered yet. */
export interface Operation<S> {
  id: string;
  apply(state: S): S;
}

/**
 * The browser's copy of the server's state with unanswered operations replayed on top.
 * The server wins: whatever it sends replaces the copy, and what was refused simply is no longer
 * replayed.
 */
export class Replica<S extends Versioned> {
  #server: S;
  #pending: Operation<S>[] = [];

  constructor(
    painted: S,
    private readonly show: (state: S, pending: number) => void,
  ) {
    this.#server = painted;
  }

  get server(): S {
    return this.#server;
  }

  /** Takes a whole state. An older revision of the same epoch has been overtaken and is dropped. */
  adopt(next: S): void {
    if (next.epoch === this.#server.epoch && next.rev < this.#server.rev) return;
    this.#server = next;
    this.#render();
  }

  begin(operation: Operation<S>): void {
    this.#pending = [...this.#pending, operation];
    this.#render();
  }

  /** The server answered (or never will): its state counts, the operation no longer does. */
  settle(id: string, answer?: S): void {
    this.#pending = this.#pending.filter((operation) => operation.id !== id);
    if (answer) this.adopt(answer);
    this.#render();
  }

  #render(): void {
    this.show(
      this.#pending.reduce((state, operation) => operation.apply(state), this.#server),
      this.#pending.length,
    );
  }
}

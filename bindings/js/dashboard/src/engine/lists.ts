// Lists that stay in the worker: the page asks for an order once, and then for the few rows that it shows.

/** A list in its order. */
export interface Listed {
    key: number;
    count: number;
    total: number;
    error: string | null;
}

const KEPT = 12;

/** Ordered lists by a key; the oldest is forgotten when there are too many. */
export class Lists {
    readonly #lists = new Map<number, (from: number, to: number) => unknown[]>();
    #next = 1;

    /** Keeps an order; `row` makes what is shown of an entry. */
    keep<Row>(order: Uint32Array, total: number, row: (entry: number) => Row, error: string | null = null): Listed {
        const key = this.#next++;
        this.#lists.set(key, (from, to) => Array.from(order.subarray(from, to), row));
        for (const old of this.#lists.keys()) {
            if (this.#lists.size <= KEPT) break;
            this.#lists.delete(old);
        }
        return { key, count: order.length, total, error };
    }

    /** Rows of a list; null if it is forgotten, so that the page asks anew. */
    rows(key: number, from: number, to: number): unknown[] | null {
        return this.#lists.get(key)?.(from, to) ?? null;
    }
}

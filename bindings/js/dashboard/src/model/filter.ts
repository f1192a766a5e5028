// Filters and orders of lists. A filter is a part of the text, any case, or an expression between slashes.

/** A test of a text, or the sentence that says what is wrong with the pattern. */
export type Filter = { test: (text: string) => boolean; error: null } | { test: null; error: string };

/** Reads what was typed: `loop`, `/time_.*loop/` or `/Loop/i`. Words apart by spaces must all occur. */
export function readFilter(typed: string): Filter {
    const text = typed.trim();
    if (text === "") return { test: () => true, error: null };
    const expression = /^\/(.+)\/([a-z]*)$/s.exec(text);
    if (expression) {
        try {
            // Without `g` and `y`, which would make each answer depend on the one before.
            const regex = new RegExp(expression[1] ?? "", (expression[2] ?? "").replace(/[gy]/g, ""));
            return { test: (value) => regex.test(value), error: null };
        } catch (cause) {
            return {
                test: null,
                error: `“${text}” is no expression: ${cause instanceof Error ? cause.message : String(cause)}`,
            };
        }
    }
    const words = text.toLowerCase().split(/\s+/);
    return {
        test: (value) => {
            const low = value.toLowerCase();
            return words.every((word) => low.includes(word));
        },
        error: null,
    };
}

export interface Order {
    key: string;
    down: boolean;
}

/** `-change` is by change, downwards. */
export function readOrder(text: string | undefined, keys: readonly string[], fallback: Order): Order {
    if (!text) return fallback;
    const down = text.startsWith("-");
    const key = down ? text.slice(1) : text;
    return keys.includes(key) ? { key, down } : fallback;
}

export function printOrder(order: Order): string {
    return (order.down ? "-" : "") + order.key;
}

/** The order after a click on a column: turned if it is the same, else the column's natural one. */
export function clicked(order: Order, key: string, natural: "up" | "down" = "up"): Order {
    return order.key === key ? { key, down: !order.down } : { key, down: natural === "down" };
}

/**
 * Sorts places of a list by a key; what has none (NaN) stays at the end whichever way it is sorted, and equals keep their order.
 */
export function sortByNumber(places: Uint32Array, keys: ArrayLike<number>, down: boolean): void {
    const key = (place: number) => keys[place] ?? NaN;
    places.sort((a, b) => {
        const left = key(a);
        const right = key(b);
        const [noLeft, noRight] = [Number.isNaN(left), Number.isNaN(right)];
        if (noLeft || noRight) return noLeft === noRight ? a - b : noLeft ? 1 : -1;
        return (down ? right - left : left - right) || a - b;
    });
}

/** Ranks of texts, with numbers inside them by their size: `time_b-2` stands before `time_b-10`. */
export function rankTexts(texts: readonly string[]): Uint32Array {
    const places = Array.from(texts, (_, place) => place);
    const collator = new Intl.Collator("en", { numeric: true });
    places.sort((a, b) => collator.compare(texts[a] ?? "", texts[b] ?? "") || a - b);
    const ranks = new Uint32Array(texts.length);
    places.forEach((place, rank) => {
        ranks[place] = rank;
    });
    return ranks;
}

// Where the reader is: the view and what is chosen in it, as the URL's hash says.

export const VIEWS = ["open", "map", "benchmarks", "whatif", "steps", "compare"] as const;
export type View = (typeof VIEWS)[number];

/** `at` holds what differs from the view's defaults; what a view does not know in it, it passes over. */
export interface Place {
    view: View;
    at: Readonly<Record<string, string>>;
}

/** Reads a hash such as `#benchmarks?q=loop&sort=-change`; what is not understood is the opening view. */
export function parsePlace(hash: string): Place {
    const text = hash.replace(/^#\/?/, "");
    const cut = text.indexOf("?");
    const name = cut < 0 ? text : text.slice(0, cut);
    const view = VIEWS.find((known) => known === name) ?? "open";
    const at: Record<string, string> = {};
    for (const [key, value] of new URLSearchParams(cut < 0 ? "" : text.slice(cut + 1))) {
        if (value !== "") at[key] = value;
    }
    return { view, at };
}

/** The hash of a place; keys in order, so that equal places have equal links. */
export function printPlace(place: Place): string {
    const entries = Object.entries(place.at).filter(([, value]) => value !== "");
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    const query = new URLSearchParams(entries).toString();
    return `#${place.view}${query ? `?${query}` : ""}`;
}

/** The same view with some values changed; `undefined` or an empty text takes one away. */
export function changed(place: Place, values: Record<string, string | undefined>): Place {
    const at: Record<string, string> = { ...place.at };
    for (const [key, value] of Object.entries(values)) {
        if (value === undefined || value === "") delete at[key];
        else at[key] = value;
    }
    return { view: place.view, at };
}

/** The value if it is one of `options`, else the first of them: links are typed by hand too. */
export function oneOf<T extends string>(value: string | undefined, options: readonly [T, ...T[]]): T {
    return options.find((option) => option === value) ?? options[0];
}

/** A number inside the limits, or `fallback`. */
export function numberIn(value: string | undefined, low: number, high: number, fallback: number): number {
    const number = Number(value);
    return value !== undefined && value !== "" && Number.isFinite(number) && number >= low && number <= high
        ? number
        : fallback;
}

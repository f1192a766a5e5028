// Rows of a list that stays in the worker: fetched in chunks around those in sight.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Listed } from "../engine/lists.ts";
import { useSession } from "../page/hooks.ts";

const CHUNK = 100;
const KEPT = 40;

/** Gives the row at a place, or undefined while it is on its way. */
export function useRows<Row>(listed: Listed | null, first: number, last: number): (place: number) => Row | undefined {
    const [session] = useSession();
    const chunks = useRef(new Map<number, Row[]>());
    const shown = useRef<number | null>(null);
    const pending = useRef(new Set<string>());
    const [turn, redraw] = useState(0);
    const key = listed?.key ?? null;

    useEffect(() => {
        if (key === null || !listed || last <= first) return;
        // One chunk more on each side: it is there when the reader gets there.
        const [from, to] = [
            Math.max(0, Math.floor(first / CHUNK) - 1),
            Math.min(Math.floor((listed.count - 1) / CHUNK), Math.floor((last - 1) / CHUNK) + 1),
        ];
        for (let chunk = from; chunk <= to; chunk += 1) {
            const name = `${key}:${chunk}`;
            if ((shown.current === key && chunks.current.has(chunk)) || pending.current.has(name)) continue;
            pending.current.add(name);
            session
                .ask((engine) => engine.rows(key, chunk * CHUNK, (chunk + 1) * CHUNK))
                .then(
                    (rows) => {
                        if (rows === null) return;
                        // Rows of the list before stay in sight until the first of the new one are there.
                        if (shown.current !== key) {
                            if (shown.current !== null && key < shown.current) return;
                            chunks.current = new Map();
                            shown.current = key;
                        }
                        chunks.current.set(chunk, rows as Row[]);
                        for (const old of chunks.current.keys()) {
                            if (chunks.current.size <= KEPT) break;
                            if (old < from - 2 || old > to + 2) chunks.current.delete(old);
                        }
                        redraw((value) => value + 1);
                    },
                    () => undefined,
                )
                .finally(() => pending.current.delete(name));
        }
    }, [session, key, first, last]);

    return useCallback((place: number) => chunks.current.get(Math.floor(place / CHUNK))?.[place % CHUNK], [turn, key]);
}

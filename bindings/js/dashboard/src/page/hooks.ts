// How components learn of the place, the session, the worker's answers and the theme.

import type { Remote } from "comlink";
import { createContext } from "preact";
import { useCallback, useContext, useEffect, useRef, useState } from "preact/hooks";
import type { Engine } from "../engine/engine.ts";
import { sentence } from "../engine/failure.ts";
import { changed, parsePlace, printPlace, type Place } from "../model/place.ts";
import { Session, type SessionState } from "./session.ts";

export const SessionContext = createContext<Session>(new Session());

export function useSession(): [Session, SessionState] {
    const session = useContext(SessionContext);
    const [, redraw] = useState(0);
    useEffect(() => session.subscribe(() => redraw((turn) => turn + 1)), [session]);
    return [session, session.state];
}

/** Moves: `push` makes a step that “back” undoes, `replace` does not (typing, sorting). */
export type Go = (values: Record<string, string | undefined>, how?: "push" | "replace") => void;

export function usePlace(): [Place, Go] {
    const [place, set] = useState(() => parsePlace(location.hash));
    useEffect(() => {
        const read = () => set(parsePlace(location.hash));
        addEventListener("hashchange", read);
        addEventListener("popstate", read);
        addEventListener("lightspeed:place", read);
        return () => {
            removeEventListener("hashchange", read);
            removeEventListener("popstate", read);
            removeEventListener("lightspeed:place", read);
        };
    }, []);
    const go = useCallback<Go>((values, how = "push") => moveTo(changed(parsePlace(location.hash), values), how), []);
    return [place, go];
}

export function moveTo(place: Place, how: "push" | "replace" = "push"): void {
    const hash = printPlace(place);
    if (hash === location.hash) return;
    if (how === "push") history.pushState(null, "", hash);
    else history.replaceState(null, "", hash);
    dispatchEvent(new Event("lightspeed:place"));
}

/** What the worker answered last, and whether a newer question is on its way. */
export interface Answered<T> {
    value: T | null;
    error: string | null;
    busy: boolean;
}

/** Asks the worker whenever a part of `key` changes; the old answer stays until the new one is there. */
export function useAnswer<T>(
    question: ((engine: Remote<Engine>) => Promise<T>) | null,
    key: readonly unknown[],
): Answered<T> {
    const [session, { epoch, phase }] = useSession();
    const [state, set] = useState<Answered<T> & { epoch: number }>({ value: null, error: null, busy: true, epoch: -1 });
    const turn = useRef(0);
    useEffect(() => {
        const mine = ++turn.current;
        if (!question || phase === "empty") {
            set({ value: null, error: null, busy: false, epoch });
            return;
        }
        set((old) => ({ ...old, busy: true }));
        session.ask(question).then(
            (value) => {
                if (turn.current === mine) set({ value, error: null, busy: false, epoch });
            },
            (error: unknown) => {
                if (turn.current === mine) set({ value: null, error: sentence(error), busy: false, epoch });
            },
        );
    }, [session, epoch, ...key]);
    useEffect(
        () => () => {
            turn.current += 1;
        },
        [],
    );
    return state;
}

/** The value after it has rested for a moment. */
export function useRested<T>(value: T, ms: number): T {
    const [rested, set] = useState(value);
    useEffect(() => {
        const timer = setTimeout(() => set(value), ms);
        return () => clearTimeout(timer);
    }, [value, ms]);
    return rested;
}

export function useMedia(query: string): boolean {
    const [fits, set] = useState(() => matchMedia(query).matches);
    useEffect(() => {
        const list = matchMedia(query);
        const read = () => set(list.matches);
        read();
        list.addEventListener("change", read);
        return () => list.removeEventListener("change", read);
    }, [query]);
    return fits;
}

/** Width and height of an element, as they change. */
export function useSize<T extends Element>(): [
    (element: T | null) => void,
    { width: number; height: number },
    T | null,
] {
    const [element, setElement] = useState<T | null>(null);
    const [size, set] = useState({ width: 0, height: 0 });
    useEffect(() => {
        if (!element) return;
        const read = () => set({ width: element.clientWidth, height: element.clientHeight });
        const observer = new ResizeObserver(read);
        observer.observe(element);
        read();
        return () => observer.disconnect();
    }, [element]);
    return [setElement, size, element];
}

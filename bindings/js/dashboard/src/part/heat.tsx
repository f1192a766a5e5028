// The map of the suite: rows of instances, columns of files, drawn on a canvas as far as in sight.

import type { Remote } from "comlink";
import { useCallback, useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import type { Engine, MapShape } from "../engine/engine.ts";
import type { Grouping } from "../model/documents.ts";
import { counted, formatShare } from "../model/format.ts";
import { DARK, LIGHT } from "../model/palette.ts";
import { useSession, useSize } from "../page/hooks.ts";
import { useDark } from "../page/theme.ts";
import { drawHeat, type Frame, type Sight } from "./heat_draw.ts";

export interface Cell {
    row: number;
    column: number;
}

interface Props {
    by: Grouping;
    shape: MapShape;
    /** Rows and columns that are shown, by their numbers. */
    rows: readonly number[];
    columns: readonly number[];
    /** Pixels; null for as many as let all columns in. */
    cell: number | null;
    onRow: (row: number) => void;
    onColumn: (column: number) => void;
}

export function Heat(props: Props) {
    const { shape, rows, columns } = props;
    const [session, { epoch }] = useSession();
    const [measure, size, scroller] = useSize<HTMLDivElement>();
    const canvas = useRef<HTMLCanvasElement>(null);
    const dark = useDark();
    const id = useId();
    const [active, setActive] = useState<Cell | null>(null);
    const [scroll, setScroll] = useState({ left: 0, top: 0 });
    const frame = useMemo(
        () => frameOf(props.cell, size.width, columns.length),
        [props.cell, size.width, columns.length],
    );
    const { cell } = frame;
    const sight = useMemo<Sight>(
        () => inSight(frame, size, scroll, rows.length, columns.length),
        [frame, size.width, size.height, scroll, rows.length, columns.length],
    );
    const values = useCells(session.ask.bind(session), props, sight, epoch);

    useEffect(() => {
        if (canvas.current && size.width > 0)
            drawHeat(canvas.current, {
                shape,
                rows,
                columns,
                frame,
                sight,
                size,
                scroll,
                active,
                values,
                palette: dark ? DARK : LIGHT,
            });
    }, [shape, rows, columns, frame, sight, size, scroll, active, values, dark]);

    const cellAt = useCallback(
        (event: MouseEvent): { cell: Cell | null; row: number | null; column: number | null } => {
            if (!scroller) return { cell: null, row: null, column: null };
            const box = scroller.getBoundingClientRect();
            const [x, y] = [event.clientX - box.left, event.clientY - box.top];
            const column = x < frame.labels ? null : Math.floor((x - frame.labels + scroller.scrollLeft) / cell);
            const row = y < frame.head ? null : Math.floor((y - frame.head + scroller.scrollTop) / cell);
            const valid = {
                row: row !== null && row < rows.length ? row : null,
                column: column !== null && column < columns.length ? column : null,
            };
            return {
                ...valid,
                cell: valid.row !== null && valid.column !== null ? { row: valid.row, column: valid.column } : null,
            };
        },
        [scroller, frame, cell, rows.length, columns.length],
    );

    const onClick = (event: MouseEvent) => {
        const at = cellAt(event);
        const [row, column] = [
            at.row === null ? undefined : rows[at.row],
            at.column === null ? undefined : columns[at.column],
        ];
        if (at.cell) setActive(at.cell);
        if (at.column === null && row !== undefined) props.onRow(row);
        else if (column !== undefined) props.onColumn(column);
    };

    const onKeyDown = (event: KeyboardEvent) => {
        const at = active ?? { row: 0, column: 0 };
        const page = Math.max(1, Math.floor((size.height - frame.head) / cell) - 1);
        const moves: Record<string, Cell> = {
            ArrowDown: { ...at, row: at.row + 1 },
            ArrowUp: { ...at, row: at.row - 1 },
            ArrowRight: { ...at, column: at.column + 1 },
            ArrowLeft: { ...at, column: at.column - 1 },
            PageDown: { ...at, row: at.row + page },
            PageUp: { ...at, row: at.row - page },
            Home: { ...at, column: 0 },
            End: { ...at, column: columns.length - 1 },
        };
        const move = active ? moves[event.key] : event.key in moves ? at : undefined;
        if (move) {
            const next = {
                row: Math.max(0, Math.min(rows.length - 1, move.row)),
                column: Math.max(0, Math.min(columns.length - 1, move.column)),
            };
            setActive(next);
            if (scroller) show(scroller, frame, size, next);
        } else if (event.key === "Enter" && active) props.onColumn(columns[active.column] ?? 0);
        else if (event.key === "r" && active) props.onRow(rows[active.row] ?? 0);
        else return;
        event.preventDefault();
        event.stopPropagation();
    };

    const said = active ? sayCell(props, active, values) : null;
    return (
        <div class="heat">
            <div
                class="heat-scroll"
                ref={measure}
                onScroll={(event) =>
                    setScroll({ left: event.currentTarget.scrollLeft, top: event.currentTarget.scrollTop })
                }
                role="grid"
                aria-label="Map of the suite: rows of instances, columns of files"
                aria-rowcount={rows.length}
                aria-colcount={columns.length}
                aria-readonly="true"
                tabIndex={0}
                aria-activedescendant={active ? `${id}-cell` : undefined}
                onKeyDown={onKeyDown}
                onClick={onClick}
                onMouseMove={(event) => {
                    const at = cellAt(event).cell;
                    if (at) setActive((old) => (old?.row === at.row && old.column === at.column ? old : at));
                }}
            >
                <canvas
                    ref={canvas}
                    aria-hidden="true"
                    style={{ width: `${size.width}px`, height: `${size.height}px` }}
                />
                <div
                    role="presentation"
                    style={{
                        width: `${frame.labels + columns.length * cell}px`,
                        height: `${frame.head + rows.length * cell}px`,
                        marginTop: `-${size.height}px`,
                    }}
                />
                {active && (
                    <div role="row" aria-rowindex={active.row + 1} class="hidden">
                        <div role="gridcell" id={`${id}-cell`} aria-colindex={active.column + 1}>
                            {said}
                        </div>
                    </div>
                )}
            </div>
            <p class="heat-said" aria-hidden="true">
                {said ??
                    "Point at a cell, or move with the arrow keys. A click opens the file; a click on a row’s name, its instances."}
            </p>
        </div>
    );
}

function frameOf(cell: number | null, width: number, columns: number): Frame {
    const labels = Math.min(220, Math.max(84, width * 0.24));
    const fitting = Math.max(9, Math.min(32, Math.floor((width - labels - 2) / Math.max(1, columns))));
    return { cell: cell ?? fitting, labels, head: width < 500 ? 104 : 132 };
}

/** Cells of a stretch that is somewhat larger than what is in sight, so that slow scrolling asks seldom. */
export interface Values {
    sight: Sight;
    cells: Uint32Array;
    rows: readonly number[];
    columns: readonly number[];
}

function useCells(
    ask: <T>(question: (engine: Remote<Engine>) => Promise<T>) => Promise<T>,
    { by, rows, columns }: Props,
    sight: Sight,
    epoch: number,
): Values | null {
    const [values, set] = useState<Values | null>(null);
    const turn = useRef(0);
    const covered =
        values !== null &&
        values.rows === rows &&
        values.columns === columns &&
        values.sight.top <= sight.top &&
        values.sight.bottom >= sight.bottom &&
        values.sight.left <= sight.left &&
        values.sight.right >= sight.right;
    useEffect(() => {
        if (covered || sight.bottom <= sight.top || sight.right <= sight.left) return;
        const mine = ++turn.current;
        const [deep, far] = [sight.bottom - sight.top, sight.right - sight.left];
        const wide: Sight = {
            top: Math.max(0, sight.top - deep),
            bottom: Math.min(rows.length, sight.bottom + deep),
            left: Math.max(0, sight.left - far),
            right: Math.min(columns.length, sight.right + far),
        };
        const [asRows, asColumns] = [rows.slice(wide.top, wide.bottom), columns.slice(wide.left, wide.right)];
        ask((engine) => engine.mapCells(by, asRows, asColumns)).then(
            (cells) => {
                if (turn.current === mine) set({ sight: wide, cells, rows, columns });
            },
            () => undefined,
        );
    }, [covered, sight, by, rows, columns, epoch]);
    return values !== null && values.rows === rows && values.columns === columns ? values : null;
}

export function valueAt(values: Values | null, row: number, column: number): number | null {
    if (!values) return null;
    const { sight } = values;
    if (row < sight.top || row >= sight.bottom || column < sight.left || column >= sight.right) return null;
    return values.cells[(row - sight.top) * (sight.right - sight.left) + column - sight.left] ?? null;
}

function sayCell({ shape, rows, columns }: Props, active: Cell, values: Values | null): string {
    const row = shape.rows[rows[active.row] ?? -1];
    const column = columns[active.column] ?? -1;
    const [path, units] = [shape.columns[column] ?? "", shape.units[column] ?? 0];
    const value = valueAt(values, active.row, active.column);
    const share =
        value === null
            ? "…"
            : value === 0
              ? "executes nothing of it"
              : `${value} of ${counted(units, "block")} executed (${formatShare(value / Math.max(1, units))})`;
    return `${row?.name ?? ""} (${counted(row?.count ?? 0, "instance")}) × ${path}: ${share}`;
}

function inSight(
    frame: Frame,
    size: { width: number; height: number },
    scroll: { left: number; top: number },
    rows: number,
    columns: number,
): Sight {
    const [width, height] = [Math.max(0, size.width - frame.labels), Math.max(0, size.height - frame.head)];
    return {
        top: Math.min(rows, Math.floor(scroll.top / frame.cell)),
        bottom: Math.min(rows, Math.ceil((scroll.top + height) / frame.cell)),
        left: Math.min(columns, Math.floor(scroll.left / frame.cell)),
        right: Math.min(columns, Math.ceil((scroll.left + width) / frame.cell)),
    };
}

function show(scroller: Element, frame: Frame, size: { width: number; height: number }, { row, column }: Cell): void {
    const [width, height] = [size.width - frame.labels, size.height - frame.head];
    if (row * frame.cell < scroller.scrollTop) scroller.scrollTop = row * frame.cell;
    if ((row + 1) * frame.cell > scroller.scrollTop + height) scroller.scrollTop = (row + 1) * frame.cell - height;
    if (column * frame.cell < scroller.scrollLeft) scroller.scrollLeft = column * frame.cell;
    if ((column + 1) * frame.cell > scroller.scrollLeft + width)
        scroller.scrollLeft = (column + 1) * frame.cell - width;
}

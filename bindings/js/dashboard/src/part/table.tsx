// A table of any length: only the rows in sight exist, and only they are fetched.

import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useId, useRef, useState } from "preact/hooks";
import type { Listed } from "../engine/lists.ts";
import { clicked, type Order } from "../model/filter.ts";
import { formatCount } from "../model/format.ts";
import { useSize } from "../page/hooks.ts";
import { useRows } from "./rows.ts";

export interface Column<Row> {
    key: string;
    title: string;
    cell: (row: Row) => ComponentChildren;
    /** A CSS grid track. */
    width: string;
    sort?: "up" | "down";
    align?: "end";
    /** Left out where there is no room. */
    wide?: boolean;
}

interface Props<Row> {
    label: string;
    columns: Column<Row>[];
    listed: Listed | null;
    busy?: boolean;
    order: Order;
    onOrder?: (order: Order) => void;
    idOf: (row: Row) => string;
    selected?: string | undefined;
    onSelect?: (row: Row) => void;
    empty: ComponentChildren;
}

const ROW = 34;
const OVERSCAN = 8;

export function Table<Row>(props: Props<Row>) {
    const { columns, listed, order } = props;
    const count = listed?.count ?? 0;
    const [measure, size, scroller] = useSize<HTMLDivElement>();
    const [top, setTop] = useState(0);
    const [active, setActive] = useState(-1);
    const id = useId();
    const first = Math.max(0, Math.floor(top / ROW) - OVERSCAN);
    const last = Math.min(count, Math.ceil((top + size.height) / ROW) + OVERSCAN);
    const rowAt = useRows<Row>(listed, first, last);
    const wanted = useRef(-1);

    useEffect(() => {
        setActive(-1);
        if (scroller) scroller.scrollTop = 0;
    }, [listed?.key, scroller]);

    const choose = useCallback(
        (place: number) => {
            const row = rowAt(place);
            if (row) props.onSelect?.(row);
            else wanted.current = place;
        },
        [rowAt, props.onSelect],
    );

    const step = (place: number) => {
        const next = Math.max(0, Math.min(count - 1, place));
        setActive(next);
        if (!scroller) return;
        if (next * ROW < scroller.scrollTop) scroller.scrollTop = next * ROW;
        else if ((next + 1) * ROW > scroller.scrollTop + size.height)
            scroller.scrollTop = (next + 1) * ROW - size.height;
    };

    const onKeyDown = (event: KeyboardEvent) => {
        const page = Math.max(1, Math.floor(size.height / ROW) - 1);
        const moves: Record<string, number> = {
            ArrowDown: active + 1,
            ArrowUp: active - 1,
            PageDown: active + page,
            PageUp: active - page,
            Home: 0,
            End: count - 1,
        };
        const move = moves[event.key];
        if (move !== undefined) step(move);
        else if ((event.key === "Enter" || event.key === " ") && active >= 0) choose(active);
        else return;
        event.preventDefault();
    };

    const places = Array.from({ length: Math.max(0, last - first) }, (_, offset) => first + offset);
    return (
        <div class="table" style={tracks(columns)} data-busy={props.busy ? "" : undefined}>
            <div
                role="grid"
                aria-label={props.label}
                aria-rowcount={count + 1}
                aria-colcount={columns.length}
                aria-busy={props.busy ?? false}
                aria-readonly="true"
                tabIndex={0}
                aria-activedescendant={active >= first && active < last ? `${id}-${active}` : undefined}
                onKeyDown={onKeyDown}
                class="table-grid"
            >
                <div role="rowgroup" class="table-head">
                    <div role="row" aria-rowindex={1} class="table-row">
                        {columns.map((column) => (
                            <Header key={column.key} column={column} order={order} onOrder={props.onOrder} />
                        ))}
                    </div>
                </div>
                <div
                    role="rowgroup"
                    class="table-body"
                    ref={measure}
                    onScroll={(event) => setTop(event.currentTarget.scrollTop)}
                    tabIndex={-1}
                >
                    <div role="presentation" style={{ height: `${count * ROW}px`, position: "relative" }}>
                        {places.map((place) => {
                            const row = rowAt(place);
                            const chosen =
                                row !== undefined && props.selected !== undefined && props.idOf(row) === props.selected;
                            return (
                                <div
                                    role="row"
                                    key={place}
                                    id={`${id}-${place}`}
                                    aria-rowindex={place + 2}
                                    aria-selected={props.onSelect ? chosen : undefined}
                                    class="table-row"
                                    data-active={place === active ? "" : undefined}
                                    data-link={props.onSelect ? "" : undefined}
                                    style={{ transform: `translateY(${place * ROW}px)` }}
                                    onClick={() => {
                                        setActive(place);
                                        choose(place);
                                    }}
                                >
                                    {columns.map((column) => (
                                        <div
                                            role="gridcell"
                                            key={column.key}
                                            class={`cell${column.align === "end" ? " end" : ""}${column.wide ? " wide" : ""}`}
                                        >
                                            {row === undefined ? <span class="ghost" /> : column.cell(row)}
                                        </div>
                                    ))}
                                </div>
                            );
                        })}
                    </div>
                    {listed && count === 0 && <div class="table-empty">{props.empty}</div>}
                </div>
            </div>
            <div class="table-foot" role="status">
                {listed
                    ? count === listed.total
                        ? `${formatCount(count)} in all`
                        : `${formatCount(count)} of ${formatCount(listed.total)}`
                    : "…"}
            </div>
        </div>
    );
}

function Header<Row>({
    column,
    order,
    onOrder,
}: {
    column: Column<Row>;
    order: Order;
    onOrder: ((order: Order) => void) | undefined;
}) {
    const sorted = order.key === column.key;
    const classes = `cell${column.align === "end" ? " end" : ""}${column.wide ? " wide" : ""}`;
    const sortable = column.sort !== undefined && onOrder !== undefined;
    return (
        <div
            role="columnheader"
            class={classes}
            aria-sort={sortable ? (sorted ? (order.down ? "descending" : "ascending") : "none") : undefined}
        >
            {sortable ? (
                <button type="button" class="sort" onClick={() => onOrder(clicked(order, column.key, column.sort))}>
                    {column.title}
                    <span aria-hidden="true">{sorted ? (order.down ? " ↓" : " ↑") : ""}</span>
                </button>
            ) : (
                column.title
            )}
        </div>
    );
}

function tracks<Row>(columns: Column<Row>[]): Record<string, string> {
    return {
        "--tracks": columns.map((column) => column.width).join(" "),
        "--tracks-narrow": columns
            .filter((column) => !column.wide)
            .map((column) => column.width)
            .join(" "),
    };
}

// The table of instances, as several views show it.

import type { Among } from "../engine/engine.ts";
import type { InstanceRow, Query } from "../engine/listing.ts";
import type { Order } from "../model/filter.ts";
import { formatChange, formatValue } from "../model/format.ts";
import { useAnswer } from "../page/hooks.ts";
import { VerdictMark } from "../part/mark.tsx";
import { Table, type Column } from "../part/table.tsx";

export const INSTANCE_ORDERS = ["name", "baseline", "change", "effect", "verdict"] as const;

const COLUMNS: Column<InstanceRow>[] = [
    { key: "name", title: "Benchmark", width: "minmax(7rem, 1fr)", sort: "up", cell: (row) => <Name id={row.id} /> },
    {
        key: "baseline",
        title: "Baseline",
        width: "6.3rem",
        sort: "down",
        align: "end",
        cell: (row) => formatValue(row.baseline, row.unit),
    },
    {
        key: "change",
        title: "Last change",
        width: "minmax(5rem, 8rem)",
        sort: "down",
        align: "end",
        cell: (row) => formatChange(row.change),
    },
    {
        key: "verdict",
        title: "Verdict",
        width: "9.5rem",
        sort: "up",
        wide: true,
        cell: (row) => (row.verdict ? <VerdictMark verdict={row.verdict} /> : <span class="muted">–</span>),
    },
];

interface Props {
    label: string;
    query: Query;
    among: Among;
    /** Asks anew when it changes, beside the query. */
    version?: unknown;
    onOrder: (order: Order) => void;
    selected?: string | undefined;
    onSelect?: (id: string) => void;
    onError?: (error: string | null) => void;
}

export function InstanceTable(props: Props) {
    const { query, among } = props;
    const { value, busy, error } = useAnswer(
        (engine) => engine.instances(query, among),
        [JSON.stringify(query), JSON.stringify(among), props.version],
    );
    return (
        <>
            {(value?.error ?? error) && (
                <p class="field-error" role="alert">
                    {value?.error ?? error}
                </p>
            )}
            <Table<InstanceRow>
                label={props.label}
                columns={COLUMNS}
                listed={value}
                busy={busy}
                order={query.order}
                onOrder={props.onOrder}
                idOf={(row) => row.id}
                selected={props.selected}
                onSelect={(row) => props.onSelect?.(row.id)}
                empty={query.filter || query.verdict ? "Nothing fits the filter." : "None."}
            />
        </>
    );
}

/** A long name: its end matters most, so the beginning gives way. */
export function Name({ id }: { id: string }) {
    return (
        <span class="name" title={id}>
            <bdi>{id}</bdi>
        </span>
    );
}

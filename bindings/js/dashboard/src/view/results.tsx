// The table of results: of a step, or of a comparison.

import type { Listed } from "../engine/lists.ts";
import type { ResultRow } from "../engine/listing.ts";
import type { Order } from "../model/filter.ts";
import { formatChange, formatValue } from "../model/format.ts";
import { IntervalBar } from "../part/interval.tsx";
import { VerdictMark } from "../part/mark.tsx";
import { Table, type Column } from "../part/table.tsx";
import { Name } from "./instances.tsx";

export const RESULT_ORDERS = ["name", "baseline", "median", "change", "effect", "verdict"] as const;

interface Props {
    label: string;
    from: string;
    to: string;
    listed: Listed | null;
    busy: boolean;
    order: Order;
    onOrder: (order: Order) => void;
    onSelect: (id: string) => void;
    selected?: string | undefined;
    empty: string;
}

export function ResultTable({ from, to, ...props }: Props) {
    const columns: Column<ResultRow>[] = [
        {
            key: "name",
            title: "Benchmark",
            width: "minmax(6.5rem, 1.6fr)",
            sort: "up",
            cell: (row) => <Name id={row.id} />,
        },
        {
            key: "baseline",
            title: from,
            width: "6.2rem",
            sort: "down",
            align: "end",
            wide: true,
            cell: (row) => formatValue(row.baseline, row.unit),
        },
        {
            key: "median",
            title: to,
            width: "6.2rem",
            sort: "down",
            align: "end",
            wide: true,
            cell: (row) => formatValue(row.median, row.unit),
        },
        {
            key: "change",
            title: "Change",
            width: "5.7rem",
            sort: "down",
            align: "end",
            cell: (row) => formatChange(row.ratio),
        },
        {
            key: "effect",
            title: "Interval",
            width: "minmax(7rem, 14rem)",
            sort: "down",
            wide: true,
            cell: (row) => <IntervalBar ratio={row.ratio} interval={row.interval} verdict={row.verdict} />,
        },
        {
            key: "verdict",
            title: "Verdict",
            width: "minmax(8.6rem, 1fr)",
            sort: "up",
            cell: (row) => (
                <>
                    <VerdictMark verdict={row.verdict} status={row.status} />
                    {row.reason && (
                        <span class="muted" title={row.reason}>
                            : {row.reason}
                        </span>
                    )}
                </>
            ),
        },
    ];
    return (
        <Table<ResultRow>
            {...props}
            columns={columns}
            idOf={(row) => row.id}
            onSelect={(row) => props.onSelect(row.id)}
        />
    );
}

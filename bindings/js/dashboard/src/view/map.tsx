// The map of the suite, and from it a file's blocks or a row's instances.

import { useMemo } from "preact/hooks";
import type { MapShape } from "../engine/engine.ts";
import type { Grouping } from "../model/documents.ts";
import { printOrder, readFilter, readOrder } from "../model/filter.ts";
import { counted, formatShare } from "../model/format.ts";
import { moveTo, useAnswer, usePlace, useRested } from "../page/hooks.ts";
import { oneOf } from "../model/place.ts";
import { Choice, FilterField, Segments } from "../part/field.tsx";
import { Heat } from "../part/heat.tsx";
import { Empty, Message } from "../part/message.tsx";
import { FilePane } from "./file.tsx";
import { INSTANCE_ORDERS, InstanceTable } from "./instances.tsx";

const GROUPINGS = ["file", "class", "benchmark"] as const;
/** Pixels; null is as large as the width allows. */
const SIZES = { fit: null, small: 7, medium: 16, large: 30 } as const;
const SIZE_NAMES = ["fit", "small", "medium", "large"] as const;

export function MapView() {
    const [{ at }, go] = usePlace();
    const by = oneOf(at.by, GROUPINGS);
    const { value: shape, error } = useAnswer((engine) => engine.map(by), [by]);
    const [columnFilter, rowFilter] = [useRested(at.files ?? "", 80), useRested(at.q ?? "", 80)];
    const columns = useMemo(() => kept(shape?.columns ?? [], columnFilter), [shape, columnFilter]);
    const rows = useMemo(() => kept(shape?.rows.map((row) => row.name) ?? [], rowFilter), [shape, rowFilter]);
    const row = shape?.rows.findIndex((known) => known.name === at.row) ?? -1;
    return (
        <section
            class="split"
            data-open={at.file || (at.row && row >= 0) ? "" : undefined}
            aria-label="Map of the suite"
        >
            <div class="split-list">
                <div class="bar">
                    <Segments
                        label="Rows"
                        value={by}
                        options={GROUPINGS.map((value) => ({ value, label: `by ${value}` }))}
                        onValue={(value) => go({ by: value, row: undefined })}
                    />
                    <FilterField
                        label="Filter rows"
                        value={at.q ?? ""}
                        onValue={(q) => go({ q }, "replace")}
                        error={readFilter(rowFilter).error}
                    />
                    <FilterField
                        label="Filter files"
                        value={at.files ?? ""}
                        onValue={(files) => go({ files }, "replace")}
                        error={readFilter(columnFilter).error}
                    />
                    <Choice
                        label="Cells"
                        value={oneOf(at.size, SIZE_NAMES)}
                        options={SIZE_NAMES.map((value) => ({ value, label: value }))}
                        onValue={(size) => go({ size }, "replace")}
                    />
                </div>
                {error && <Message tone="error">{error}</Message>}
                {shape && <Legend shape={shape} rows={rows.length} columns={columns.length} />}
                {shape &&
                    (rows.length && columns.length ? (
                        <Heat
                            by={by}
                            shape={shape}
                            rows={rows}
                            columns={columns}
                            cell={SIZES[oneOf(at.size, SIZE_NAMES)]}
                            onRow={(number) => go({ row: shape.rows[number]?.name, file: undefined })}
                            onColumn={(number) => go({ file: shape.columns[number], row: undefined, line: undefined })}
                        />
                    ) : (
                        <Empty title="Nothing to show">
                            {columnFilter || rowFilter
                                ? "Nothing fits the filters."
                                : "The survey saw no benchmark execute a file."}
                        </Empty>
                    ))}
            </div>
            {at.file ? (
                <FilePane path={at.file} onClose={() => go({ file: undefined, line: undefined })} />
            ) : at.row && row >= 0 ? (
                <RowPane name={at.row} by={by} row={row} onClose={() => go({ row: undefined })} />
            ) : null}
        </section>
    );
}

function RowPane({ name, by, row, onClose }: { name: string; by: Grouping; row: number; onClose: () => void }) {
    const [{ at }, go] = usePlace();
    const order = readOrder(at.sort, INSTANCE_ORDERS, { key: "name", down: false });
    return (
        <aside class="pane" aria-label={`Instances of ${name}`}>
            <header class="pane-head">
                <h2 class="mono">{name}</h2>
                <button type="button" class="quiet" onClick={onClose} aria-label="Close the instances">
                    ✕
                </button>
            </header>
            <InstanceTable
                label={`Instances of ${name}`}
                query={{ filter: "", order, verdict: "" }}
                among={{ by: "row", grouping: by, row }}
                onOrder={(next) => go({ sort: printOrder(next) }, "replace")}
                onSelect={(id) => moveTo({ view: "benchmarks", at: { id } })}
            />
        </aside>
    );
}

function Legend({ shape, rows, columns }: { shape: MapShape; rows: number; columns: number }) {
    const total = shape.rows.reduce((sum, row) => sum + row.count, 0);
    return (
        <div class="legend">
            <span>
                {counted(rows, "row")} × {counted(columns, "file")}, {counted(total, "instance")}
            </span>
            <span
                class="legend-scale"
                role="img"
                aria-label="Colour: share of the file’s blocks that are executed, from none to all"
            >
                none
                {[0, 1, 2, 3, 4, 5].map((step) => (
                    <i key={step} data-heat={step} title={`up to ${formatShare((step + 1) / 6)}`} />
                ))}
                all blocks executed
            </span>
        </div>
    );
}

function kept(names: readonly string[], filter: string): number[] {
    const { test } = readFilter(filter);
    return Array.from(names.keys()).filter((number) => test?.(names[number] ?? "") ?? true);
}

// All instances, and one of them in detail.

import { useCallback } from "preact/hooks";
import { printOrder, readOrder } from "../model/filter.ts";
import { VERDICTS, markOf } from "../model/verdict.ts";
import { usePlace, useRested } from "../page/hooks.ts";
import { Choice, FilterField } from "../part/field.tsx";
import { InstancePane } from "./instance.tsx";
import { INSTANCE_ORDERS, InstanceTable } from "./instances.tsx";

export const VERDICT_OPTIONS = [
    { value: "", label: "any verdict" },
    ...VERDICTS.map((verdict) => ({ value: verdict, label: `${markOf(verdict).sign} ${markOf(verdict).word}` })),
];

export function BenchmarksView() {
    const [{ at }, go] = usePlace();
    const filter = useRested(at.q ?? "", 60);
    const order = readOrder(at.sort, INSTANCE_ORDERS, { key: "name", down: false });
    const close = useCallback(() => go({ id: undefined }), [go]);
    return (
        <section class="split" data-open={at.id ? "" : undefined} aria-label="Benchmarks">
            <div class="split-list">
                <div class="bar">
                    <FilterField
                        label="Filter: words or /expression/"
                        value={at.q ?? ""}
                        onValue={(q) => go({ q }, "replace")}
                    />
                    <Choice
                        label="Verdict"
                        value={at.verdict ?? ""}
                        options={VERDICT_OPTIONS}
                        onValue={(verdict) => go({ verdict })}
                    />
                </div>
                <InstanceTable
                    label="Benchmark instances"
                    query={{ filter, order, verdict: at.verdict ?? "" }}
                    among={{ by: "all" }}
                    onOrder={(next) => go({ sort: printOrder(next) }, "replace")}
                    selected={at.id}
                    onSelect={(id) => go({ id })}
                />
            </div>
            {at.id && <InstancePane id={at.id} onClose={close} />}
        </section>
    );
}

// An instance: a benchmark with one combination of its parameters. Its id is `name`, or `name-K`.

import type { BenchmarkInfo } from "./documents.ts";

export interface Instance {
    benchmark: BenchmarkInfo | null;
    combination: number | null;
}

/** Finds benchmarks by the ids of their instances. */
export function instanceReader(benchmarks: readonly BenchmarkInfo[]): (id: string) => Instance {
    const byName = new Map(benchmarks.map((benchmark) => [benchmark.name, benchmark]));
    return (id) => {
        // A name may itself end like `-3`: the whole id is tried first.
        const whole = byName.get(id);
        if (whole) return { benchmark: whole, combination: null };
        const cut = /^(.*)-(\d+)$/s.exec(id);
        const benchmark = cut ? byName.get(cut[1] ?? "") : undefined;
        return benchmark ? { benchmark, combination: Number(cut?.[2]) } : { benchmark: null, combination: null };
    };
}

/** Name and value of each parameter; the last one varies fastest. */
export function parametersOf(instance: Instance): { name: string; value: string }[] {
    const { benchmark, combination } = instance;
    if (!benchmark || combination === null) return [];
    const found: { name: string; value: string }[] = [];
    let rest = combination;
    for (let place = benchmark.params.length - 1; place >= 0; place -= 1) {
        const values = benchmark.params[place] ?? [];
        if (values.length === 0) return [];
        found.unshift({
            name: benchmark.param_names[place] ?? `param${place + 1}`,
            value: values[rest % values.length] ?? "",
        });
        rest = Math.floor(rest / values.length);
    }
    return rest === 0 ? found : [];
}

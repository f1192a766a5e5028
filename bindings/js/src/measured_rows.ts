// The rows of what was measured in a database, as the documents that `lightspeed results --json` makes of them.
import { type Connection, type Row, parsed } from "./sqlite.js";
import type { BaselineReport, BenchmarkInfo, Reward, Stats, StepBenchmark, StepReport } from "./types.js";

const SECONDS = "seconds";

/** @internal The benchmarks of a generation, in the order of their numbers. */
export function benchmarks(connection: Connection, generation: number): BenchmarkInfo[] {
    const sql = "SELECT name, file, kind, unit, params, param_names FROM benchmark WHERE generation = ?1 ORDER BY id";
    return connection.rows(sql, [generation], (row) => ({
        name: row.text(0),
        file: row.text(1),
        kind: row.text(2),
        unit: row.text(3),
        params: row.list(4),
        param_names: row.list(5),
    }));
}

/** @internal All baselines by instance. */
export function baselines(connection: Connection): Record<string, BaselineReport> {
    const sql = `SELECT b.benchmark_id, b.median, b.ci_99_a, b.ci_99_b, b.q_25, b.q_75, b.repeat, b.number,
                        c.unit, c.samples, c.params, c.generation, c.measured_at
                 FROM baseline b LEFT JOIN baseline_context c USING(benchmark_id) ORDER BY b.benchmark_id`;
    const found = connection.rows(sql, [], (row): [string, BaselineReport] | undefined => {
        // Another program can store what we would not: such a row is no baseline.
        const stats = statistics(row, 1);
        return stats === null ? undefined : [row.text(0), baseline(row, stats)];
    });
    return Object.fromEntries(found.filter((each) => each !== undefined));
}

/** @internal All steps, oldest first, beside the baselines of now. */
export function steps(connection: Connection, known: Readonly<Record<string, BaselineReport>>): StepReport[] {
    const results = new Map<string, [string, StepBenchmark][]>();
    const sql = `SELECT d.step_id, d.benchmark_id, d.status, d.verdict, d.reason, d.samples, d.runs, d.reasons, d.comparison,
                        r.delta, r.median, r.ci_99_a, r.ci_99_b, r.q_25, r.q_75, r.repeat, r.number
                 FROM step_detail d LEFT JOIN step_result r USING(step_id, benchmark_id) ORDER BY d.benchmark_id`;
    connection.rows(sql, [], (row) => {
        const [step, id] = [row.text(0), row.text(1)];
        const of = results.get(step) ?? [];
        of.push([id, result(row, Object.hasOwn(known, id) ? known[id] : undefined)]);
        results.set(step, of);
    });
    return connection.rows("SELECT step_id, created_at, summary FROM step ORDER BY created_at, rowid", [], (row) => {
        const of = results.get(row.text(0)) ?? [];
        return {
            step_id: row.text(0),
            created_at_ms: row.integer(1),
            summary: parsed(row.text(2)) as StepReport["summary"],
            reward: mean(of.flatMap(([, { unit, reward }]) => (unit === SECONDS && reward !== null ? [reward] : []))),
            benchmarks: Object.fromEntries(of),
        };
    });
}

function baseline(row: Row, stats: Stats): BaselineReport {
    const unit = row.optional(8, row.text);
    const nothing: BaselineReport = { unit, stats, samples: [], params: [], generation: null, measured_at_ms: null };
    if (unit === null) {
        return nothing;
    }
    return {
        unit,
        stats,
        samples: row.samples(9),
        params: row.list(10),
        generation: row.integer(11),
        measured_at_ms: row.integer(12),
    };
}

function result(row: Row, known: BaselineReport | undefined): StepBenchmark {
    // What was kept of the comparison; nothing where a harness compared by itself.
    const kept = (parsed(row.optional(8, row.text) ?? "null") ?? {}) as Partial<StepBenchmark>;
    const delta = row.finite(9);
    return {
        unit: kept.unit ?? known?.unit ?? null,
        ratio: kept.ratio ?? null,
        interval: kept.interval ?? null,
        p_value: kept.p_value ?? null,
        e_value: kept.e_value ?? null,
        pairs: kept.pairs ?? null,
        reward: kept.reward ?? null,
        baseline: known?.stats.median ?? null,
        stats: statistics(row, 10),
        delta_pct: delta === null ? null : delta * 100,
        status: row.text(2) as StepBenchmark["status"],
        verdict: row.optional(3, row.text) as StepBenchmark["verdict"],
        reason: row.optional(4, row.text),
        reasons: parsed(row.text(7)) as StepBenchmark["reasons"],
        samples: row.samples(5),
        runs: row.list(6),
    };
}

/** Seven columns of statistics, the first of which is `first`; null without a finite median. */
function statistics(row: Row, first: number): Stats | null {
    const median = row.finite(first);
    if (median === null) {
        return null;
    }
    const [ci_99_a, ci_99_b, q_25, q_75] = [
        row.finite(first + 1),
        row.finite(first + 2),
        row.finite(first + 3),
        row.finite(first + 4),
    ];
    return { median, ci_99_a, ci_99_b, q_25, q_75, repeat: row.finite(first + 5), number: row.finite(first + 6) };
}

/** The geometric mean of ratios, as the library combines them; null of none, and where the levels of their intervals differ. */
function mean(rewards: readonly Reward[]): Reward | null {
    const level = rewards[0]?.interval.level;
    if (level === undefined || rewards.some(({ interval }) => Math.abs(interval.level - level) > 1e-9)) {
        return null;
    }
    const count = rewards.length;
    const log_ratio = rewards.reduce((sum, reward) => sum + reward.log_ratio, 0) / count;
    const far = (end: "low" | "high"): number | null => {
        let squares = 0;
        for (const reward of rewards) {
            const at = reward.interval[end];
            if (at === null) {
                return null;
            }
            squares += (at - reward.log_ratio) * (at - reward.log_ratio);
        }
        return Math.sqrt(squares) / count;
    };
    const [below, above] = [far("low"), far("high")];
    const [low, high] = [below === null ? null : log_ratio - below, above === null ? null : log_ratio + above];
    return { log_ratio, interval: { low, high, level }, ln_e_value: null, reward_lcb: vouched(low, high) };
}

function vouched(low: number | null, high: number | null): number {
    if (low !== null && low > 0) {
        return -low;
    }
    return high !== null && high < 0 ? -high : 0;
}

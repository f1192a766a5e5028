// What a list is asked for, and how instances, results of a step and comparisons are put in order.

import type { Bounds, Status, StepReport, Verdict } from "../model/documents.ts";
import { rankTexts, readFilter, sortByNumber, type Order } from "../model/filter.ts";
import { gravity } from "../model/verdict.ts";
import type { Listed, Lists } from "./lists.ts";
import type { Suite } from "./suite.ts";

export interface Query {
    filter: string;
    order: Order;
    verdict: string;
}

export interface InstanceRow {
    number: number;
    id: string;
    unit: string | null;
    baseline: number | null;
    change: number | null;
    verdict: Verdict | null;
    step: string | null;
}

export interface ResultRow {
    id: string;
    known: boolean;
    unit: string | null;
    baseline: number | null;
    median: number | null;
    ratio: number | null;
    interval: Bounds | null;
    verdict: Verdict | null;
    status: Status;
    reason: string | null;
}

/** Lists instances; `among` restricts them. */
export function listInstances(lists: Lists, suite: Suite, query: Query, among: Uint32Array | null): Listed {
    const all = among ?? Uint32Array.from(suite.ids, (_, number) => number);
    const filter = readFilter(query.filter);
    const fits = (number: number) =>
        (filter.test?.(suite.ids[number] ?? "") ?? true) &&
        (query.verdict === "" || suite.lastChange(number)?.verdict === query.verdict);
    const order = filter.test && query.filter === "" && query.verdict === "" ? all.slice() : all.filter(fits);
    sortByNumber(order, keysOf(suite, query.order.key), query.order.down);
    return lists.keep(order, all.length, (number) => instanceRow(suite, number), filter.error);
}

export function instanceRow(suite: Suite, number: number): InstanceRow {
    const id = suite.ids[number] ?? "";
    const last = suite.lastChange(number);
    const baseline = suite.baselines[number] ?? NaN;
    return {
        number,
        id,
        unit: suite.unit(id),
        baseline: Number.isNaN(baseline) ? null : baseline,
        change: last?.ratio ?? null,
        verdict: last?.verdict ?? null,
        step: last?.step ?? null,
    };
}

/** Lists what became of each instance in a step. */
export function listStep(lists: Lists, suite: Suite, step: StepReport, query: Query): Listed {
    const rows = Object.entries(step.benchmarks).map(([id, result]): ResultRow => ({
        id,
        known: suite.numberOf.has(id),
        unit: result.unit ?? suite.unit(id),
        baseline: result.baseline,
        median: result.stats?.median ?? null,
        ratio: result.ratio,
        interval: result.interval,
        verdict: result.verdict,
        status: result.status,
        reason: result.reason,
    }));
    return listResults(lists, rows, query);
}

/** Lists results of any origin. */
export function listResults(lists: Lists, rows: readonly ResultRow[], query: Query): Listed {
    const { order, error } = orderResults(rows, query);
    return lists.keep(order, rows.length, (place) => rows[place], error);
}

/** Filters and sorts results. */
export function orderResults(rows: readonly ResultRow[], query: Query): { order: Uint32Array; error: string | null } {
    const filter = readFilter(query.filter);
    const fits = (row: ResultRow) =>
        (filter.test?.(row.id) ?? true) &&
        (query.verdict === "" || (query.verdict === "none" ? row.verdict === null : row.verdict === query.verdict));
    const order = Uint32Array.from(rows, (_, place) => place).filter((place) => {
        const row = rows[place];
        return row !== undefined && fits(row);
    });
    sortByNumber(order, resultKeys(rows, query.order.key), query.order.down);
    return { order, error: filter.error };
}

function keysOf(suite: Suite, key: string): ArrayLike<number> {
    switch (key) {
        case "baseline":
            return suite.baselines;
        case "change":
            return suite.changes;
        case "effect":
            return suite.changes.map(Math.abs);
        case "verdict":
            return suite.gravities;
        default:
            return suite.nameRanks;
    }
}

function resultKeys(rows: readonly ResultRow[], key: string): ArrayLike<number> {
    const number = (value: number | null | undefined) => value ?? NaN;
    switch (key) {
        case "baseline":
            return rows.map((row) => number(row.baseline));
        case "median":
            return rows.map((row) => number(row.median));
        case "change":
            return rows.map((row) => (row.ratio === null ? NaN : Math.log(row.ratio)));
        case "effect":
            return rows.map((row) => (row.ratio === null ? NaN : Math.abs(Math.log(row.ratio))));
        case "verdict":
            return rows.map((row) => gravity(row.verdict, row.status));
        default:
            return rankTexts(rows.map((row) => row.id));
    }
}

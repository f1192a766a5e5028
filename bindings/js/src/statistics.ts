// The statistics, by name.
import * as module from "./lightspeed.js";
import { text } from "./arguments.js";
import { call } from "./call.js";
import { StatisticsError } from "./errors.js";
import { read, writeSamples } from "./json.js";
import type { Interval, Seed, Verdict } from "./types.js";

/** Numbers in one unit; typed arrays too. */
export type Sample = ArrayLike<number>;

/** How a result was found. */
export type Method =
    | "run_medians"
    | "samples_and_runs"
    | "single_run"
    | "deterministic"
    | "mann_whitney"
    | "hodges_lehmann"
    | "welch"
    | "signed_rank"
    | "sign_flip"
    | "bootstrap"
    | "signed_rank_betting"
    | "sign_betting"
    | "symmetric_mixture"
    | "geometric_mean";

/** What must hold for a result to mean what it says. */
export type Assumption =
    | "independent_values"
    | "independent_pairs"
    | "same_shape"
    | "log_normal"
    | "symmetric_differences"
    | "median_of_each_pair"
    | "large_sample"
    | "deterministic"
    | "independent_benchmarks";

/** Something that weakens a result or explains its absence. */
export type Warning =
    | { readonly code: "single_run" | "no_spread" | "not_repeated" }
    | { readonly code: "few_runs"; readonly needed: number }
    | { readonly code: "too_few_samples"; readonly p_min: number }
    | { readonly code: "zero_differences"; readonly count: number }
    | { readonly code: "order_effect"; readonly ratio: number; readonly p_value: number }
    | { readonly code: "drift"; readonly rho: number; readonly p_value: number }
    | { readonly code: "autocorrelation"; readonly lag_1: number; readonly limit: number }
    | { readonly code: "outliers"; readonly mild: number; readonly severe: number }
    | { readonly code: "few_resamples"; readonly beyond: number };

/** What a method found. Every number is finite; what does not exist is null. */
export interface Inference {
    readonly method: Method;
    readonly distribution: "exact" | "normal" | "student" | "monte_carlo" | null;
    /** Values on each side; for pairs, their number twice. */
    readonly n: { readonly baseline: number; readonly current: number };
    /** What `estimate` and `interval` are about: current/baseline, or current − baseline in the unit of the samples. */
    readonly estimand: "ratio" | "difference";
    readonly estimate: number | null;
    readonly interval: Interval;
    readonly statistic: number | null;
    readonly degrees_of_freedom: number | null;
    /** Two-sided. */
    readonly p_value: number | null;
    /** The smallest p-value that samples of these sizes could give. */
    readonly p_min: number | null;
    /** Evidence against "no change beyond the margin", valid whenever one stops. */
    readonly e_value: number | null;
    readonly ln_e_value: number | null;
    readonly draws: { readonly seed: Seed; readonly count: number } | null;
    readonly assumptions: readonly Assumption[];
    readonly warnings: readonly Warning[];
}

/** The verdict of two groups of process runs with the numbers behind it. */
export interface Comparison {
    readonly method: Method;
    readonly baseline: { readonly runs: number; readonly samples: number };
    readonly current: { readonly runs: number; readonly samples: number };
    /** Estimate of current/baseline. */
    readonly ratio: number;
    readonly interval: Interval;
    readonly statistic: number | null;
    readonly p_value: number;
    readonly p_min: number;
    readonly verdict: Verdict;
    /** A fraction. */
    readonly margin: number;
    readonly alpha: number;
    /** The smallest change, as a fraction, that runs as noisy as these could have shown to be beyond the margin. */
    readonly smallest_effect: number | null;
    /** Where the verdict is `inconclusive`: runs on each side that may settle it. */
    readonly runs_needed: number | null;
    readonly assumptions: readonly Assumption[];
    readonly warnings: readonly Warning[];
}

/** What is worth knowing about one sample, in its unit. */
export interface Summary {
    readonly n: number;
    readonly median: number;
    readonly q_25: number;
    readonly q_75: number;
    /** Ends of the median's interval of at least 99 %. */
    readonly ci_99_a: number | null;
    readonly ci_99_b: number | null;
    readonly mean: number;
    readonly sd: number | null;
    /** Median absolute deviation from the median, unscaled. */
    readonly mad: number;
    readonly min: number;
    readonly max: number;
}

/** What a series of pairs shows about the way it was measured; null where it is too short or does not vary. */
export interface Diagnostics {
    readonly order: { readonly ratio: number; readonly p_value: number } | null;
    readonly drift: { readonly rho: number; readonly p_value: number } | null;
    readonly autocorrelation: { readonly lag_1: number; readonly limit: number } | null;
}

/** How far benchmarks seem to move that did not change. */
export interface NoiseFloor {
    /** A fraction. */
    readonly fraction: number;
    /** Probability that a further one of their kind stays below the floor. */
    readonly level: number;
    readonly n: number;
}

/** What an e-value bets on: signs with stakes by rank, signs alone, or sizes with a fixed variance of the stakes. */
export type Bet = "signed_rank" | "sign" | { readonly symmetric: { readonly rho: number } };

/** What a bootstrap resamples. */
export type Resampled =
    "medians" | "geometric_means" | "hodges_lehmann" | "median_of_pairs" | "geometric_mean_of_pairs";

interface Alpha {
    /** Error level, 0.05 unless given. */
    readonly alpha?: number;
}

interface Two extends Alpha {
    readonly baseline: Sample;
    readonly current: Sample;
}

interface PValues {
    readonly p_values: Sample;
}

interface Adjusted {
    readonly adjusted: readonly number[];
}

/** What each statistic takes and gives. Fractions are fractions: a margin of 0.02 is 2 %. */
export interface Statistics {
    benjamini_hochberg: [PValues, Adjusted];
    /** `resamples` 9999 and `seed` 0 unless given. */
    bootstrap: [Two & { readonly resampled: Resampled; readonly resamples?: number; readonly seed?: Seed }, Inference];
    /** A sample for each process run; `margin` 0.02 unless given. */
    compare: [
        Alpha & { readonly baseline: readonly Sample[]; readonly current: readonly Sample[]; readonly margin?: number },
        Comparison,
    ];
    /** Logarithms of current/baseline of pairs, in the order in which they were measured. */
    diagnose: [Alpha & { readonly log_ratios: Sample; readonly baseline_first: readonly boolean[] }, Diagnostics];
    /** `margin` 0 and `bet` "signed_rank" unless given. */
    e_value: [Two & { readonly bet?: Bet; readonly margin?: number }, Inference];
    /** Of the Hodges–Lehmann ratios of pairs of samples. */
    geometric_mean: [
        Alpha & { readonly samples: readonly (readonly [baseline: Sample, current: Sample])[] },
        Inference,
    ];
    hodges_lehmann: [Two, Inference];
    holm: [PValues, Adjusted];
    /** ASV's own rule. */
    is_different: [
        { readonly first: Sample; readonly second: Sample },
        { readonly with_samples: boolean; readonly without_samples: boolean },
    ];
    mann_whitney: [Two, Inference];
    /** `absolute` and `baseline` in one unit; `fraction` and `floor` are fractions. */
    margin: [
        {
            readonly fraction?: number;
            readonly absolute?: number;
            readonly baseline: number;
            readonly floor?: number | null;
        },
        { readonly fraction: number; readonly source: "fraction" | "absolute" | "noise_floor" },
    ];
    /** Of ln(current/baseline) where nothing changed. */
    noise_floor: [Alpha & { readonly log_ratios: Sample }, NoiseFloor];
    /** Positions beyond 1.5 (mild) and 3 (severe) quartile distances. */
    outliers: [
        { readonly sample: Sample },
        {
            readonly severe_low: readonly number[];
            readonly mild_low: readonly number[];
            readonly mild_high: readonly number[];
            readonly severe_high: readonly number[];
        },
    ];
    /** `draws` 9999 and `seed` 0 unless given. */
    sign_flip: [Two & { readonly draws?: number; readonly seed?: Seed }, Inference];
    signed_rank: [Two, Inference];
    summarize: [{ readonly sample: Sample }, Summary];
    welch: [Two, Inference];
}

/**
 * Calls a statistic. The same input gives the same numbers, bit for bit, on every platform.
 *
 * @throws {StatisticsError} Numbers that have no such statistic: an empty sample, NaN, a value that is not above zero where ratios are formed, …
 * @throws {InputError} Fields that the statistic does not take.
 */
export function stats<Name extends keyof Statistics>(name: Name, input: Statistics[Name][0]): Statistics[Name][1] {
    const [function_, document] = [text("the statistic", name), writeSamples("the input", input)];
    return read(call(StatisticsError, () => module.stats(function_, document)));
}

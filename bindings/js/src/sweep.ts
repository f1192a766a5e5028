// Sweeps: one code at every point of some axes. An experiment runs them; these are their plan and their results.
import type { Interval } from "./types.js";

/** What an axis is at a point. */
export type AxisValue = number | string;

/** A parameter of a sweep: `"workers=1,2,4"`, `"n:float=log2 1..64"`, or in parts. */
export type Axis =
    | string
    | {
          readonly name: string;
          /** A list, or a text with ranges: `"1..16 step 2"`, `"log2 1..64"`. */
          readonly values: readonly AxisValue[] | string;
          /** What they are; by default the first of these that fits all. A shape is `16x64`. */
          readonly kind?: "int" | "float" | "shape" | "text" | null;
          readonly default?: AxisValue | null;
      };

/** One code at every point of some axes; the last one changes first. */
export interface SweepDesign {
    readonly kind: "sweep";
    readonly axes: readonly Axis[];
    /** Each value with all others (the default), or the first values of all axes, then the second. */
    readonly combination?: "cartesian" | "zipped";
    /** Rounds over all points that count; 6 by default, the fewest that give a speed-up an interval where alpha is 0.05. */
    readonly repeats?: number;
    /** The axis along which points are compared; by default the one that counts workers, else the first of several sizes. */
    readonly along?: string | null;
    /** The axis that counts workers; by default one that is called workers, threads, jobs or the like. */
    readonly workers?: string | null;
    /** Which values are better; lower by default. */
    readonly better?: "lower" | "higher";
}

/** What the runs of a sweep say. */
export interface Sweep {
    readonly points: readonly SweepPoint[];
    /** Points that differ along one axis alone. */
    readonly lines: readonly SweepLine[];
    /** Values of the last third of the rounds to those of the first, where the runs show that the machine's speed moved. */
    readonly drift: { readonly ratio: number; readonly interval: Interval } | null;
}

/** What came of a point. */
export interface SweepPoint {
    /** The name of the benchmark: `workers=2,level=6`. */
    readonly id: string;
    /** By the names of the axes. */
    readonly values: Readonly<Record<string, AxisValue>>;
    /** Its values in a few numbers; of a single one there is no spread. */
    readonly spread: {
        readonly n: number;
        readonly median: number;
        readonly mean: number;
        readonly stdev: number | null;
        readonly min: number | null;
        readonly max: number | null;
    } | null;
    /** The place of the point that it is compared with: the smallest of its line. */
    readonly base: number;
    /** How many times as good as the base it is. */
    readonly speedup: Gain | null;
    /** The speed-up for each worker. */
    readonly efficiency: Gain | null;
    /** Why there is no speed-up, or no interval for it. */
    readonly note: string | null;
}

/** A ratio with its interval. */
export interface Gain {
    readonly estimate: number;
    readonly interval: Interval;
}

/** A line of points. */
export interface SweepLine {
    /** The other axes with their values. */
    readonly fixed: Readonly<Record<string, AxisValue>>;
    /** The axis along which its points differ. */
    readonly along: string;
    /** Places of points, in the order of that axis. */
    readonly points: readonly number[];
    readonly scaling: Scaling;
}

/** How values grow or shrink with a size. */
export interface Scaling {
    /** The law, where one can be told from the others and fits. */
    readonly model: Model | null;
    /** Why there is none. */
    readonly reason: string | null;
    /** All laws that could be fitted, the best first. */
    readonly fits: readonly {
        readonly model: Model;
        readonly coefficients: readonly number[];
        /** Of each coefficient, at 95 %. */
        readonly intervals: readonly (readonly [number, number])[];
        readonly chi_square: number;
        /** Akaike's weight among all laws. */
        readonly weight: number;
    }[];
}

/**
 * A law of t at a size n: a; a + b ln n; a + b n; a + b n ln n; a + b n²; a + b / n; a / n + b (n − 1) / n + c (n − 1). Coefficients are
 * not negative.
 */
export type Model = "constant" | "logarithmic" | "linear" | "linearithmic" | "quadratic" | "amdahl" | "usl";

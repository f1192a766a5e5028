// Experiments: what to run next, when to stop, what the runs say.
import * as module from "./lightspeed.js";
import { text } from "./arguments.js";
import { call } from "./call.js";
import { ExperimentError } from "./errors.js";
import { Held, type Handle, disposable } from "./handle.js";
import { read, write } from "./json.js";
import type { Bet, Inference, NoiseFloor } from "./statistics.js";
import type { Reward, Seed, Status, Verdict } from "./types.js";

/** How runs are arranged, and when they end. */
export type Design =
    /** A fixed number of runs of each side, compared as two samples. */
    | { readonly kind: "two_samples"; readonly runs: number }
    /** A fixed number of pairs, compared by signed ranks. */
    | { readonly kind: "pairs"; readonly pairs: number }
    /** Pairs until the evidence suffices, looked at after each. */
    | {
          readonly kind: "until_decided";
          readonly most_pairs: number;
          readonly bet: Bet;
          readonly stop_at: readonly Verdict[];
      }
    /** Both sides are the baseline: what does noise alone look like? */
    | { readonly kind: "calibration"; readonly comparisons: number; readonly pairs: number };

/** A benchmark of a plan. */
export interface PlannedBenchmark {
    readonly id: string;
    /** Changes up to this fraction do not matter. */
    readonly margin: number;
    /** Proven unaffected by the change: shows whether the environment moves. */
    readonly control: boolean;
    /** Seconds that one run is expected to take. */
    readonly run_s?: number | null;
}

/** All an experiment is told beforehand. */
export interface Plan {
    readonly design: Design;
    readonly benchmarks: readonly PlannedBenchmark[];
    /** Probability of calling a change where there is none, for each benchmark. */
    readonly alpha: number;
    /** Decides every order: the same seed gives the same orders everywhere. */
    readonly seed: Seed;
    /** Runs of each side that come first and do not count. */
    readonly warmups: number;
    /** Seconds that runs may take together. */
    readonly budget_s?: number | null;
}

/** A process run that is asked for. */
export interface Run {
    readonly benchmark: string;
    /** Which code: before or after the change. */
    readonly side: "baseline" | "current";
    /** Which pair of this benchmark, from 0. */
    readonly pair: number;
    /** Whether it is the first of its pair. */
    readonly first: boolean;
    /** Whether its values do not count. */
    readonly warmup: boolean;
}

/** What came of a run. */
export type Outcome =
    /** Values above zero, and the seconds that the run took. */
    | { readonly kind: "values"; readonly values: ArrayLike<number>; readonly wall_s: number }
    | { readonly kind: "failed"; readonly reason: string }
    | { readonly kind: "timed_out" }
    | { readonly kind: "skipped" };

/** How far an experiment is. */
export interface Progress {
    /** Runs that were recorded, warm-ups included. */
    readonly done: number;
    /** Runs in all, if those that are not decided go on as far as they may need. */
    readonly expected: number;
    /** Benchmarks with nothing left to run. */
    readonly decided: number;
    readonly benchmarks: number;
    /** Seconds that runs took. */
    readonly spent_s: number;
}

/** What came of a benchmark. */
export interface ExperimentBenchmark {
    readonly benchmark: string;
    readonly control: boolean;
    readonly status: Status;
    readonly reason: string | null;
    readonly verdict: Verdict | null;
    readonly inference: Inference | null;
    /** A fraction. */
    readonly margin: number;
    /** The smallest change, as a fraction, that runs like these could have shown to be beyond the margin. */
    readonly smallest_effect: number | null;
    /** Pairs (or runs of each side) in all with which it may be decided. */
    readonly pairs_needed: number | null;
    readonly reward: Reward | null;
    readonly pairs: number;
    readonly spent_s: number;
    readonly calibration: {
        readonly noise_floor: NoiseFloor | null;
        readonly comparisons: number;
        readonly called: number;
    } | null;
}

/** What the runs say. */
export interface Results {
    /** In the order of the plan. */
    readonly benchmarks: readonly ExperimentBenchmark[];
    /** The negative controls moved: other changes may be the environment's too. */
    readonly environment_drift: { readonly moved: readonly string[]; readonly controls: number } | null;
    readonly noise_floor: NoiseFloor | null;
    /** Share of comparisons of a calibration that were called a change. */
    readonly false_positive_rate: number | null;
    readonly seed: Seed;
}

/** Says what to run next and takes what came of it, until nothing is left to run. It does not run or time anything itself. */
export class Experiment implements Handle {
    readonly #held: Held<module.Experiment>;

    /** @throws {ExperimentError} A plan that makes no sense. @throws {InputError} What is no plan. */
    constructor(plan: Plan);
    /** @internal */
    constructor(resumed: Held<module.Experiment>);
    constructor(given: Plan | Held<module.Experiment>) {
        if (given instanceof Held) {
            this.#held = given;
        } else {
            const document = write("the plan", given);
            this.#held = new Held(
                "experiment",
                call(ExperimentError, () => new module.Experiment(document)),
            );
        }
    }

    /** Takes up the experiment whose {@link state} this is, where it was. */
    static resume(state: string): Experiment {
        const document = text("the state", state);
        return new Experiment(
            new Held(
                "experiment",
                call(ExperimentError, () => module.Experiment.resume(document)),
            ),
        );
    }

    /** What to run now, the same until its outcome is recorded; undefined where nothing is left. */
    next(): Run | undefined {
        const { raw } = this.#held;
        const { kind, ...run } = read<{ kind: "run" | "done" } & Run>(call(ExperimentError, () => raw.next()));
        return kind === "run" ? run : undefined;
    }

    /** The runs, one after the other; record the outcome of each before the next one. */
    *[Symbol.iterator](): Generator<Run, void, undefined> {
        for (let run = this.next(); run !== undefined; run = this.next()) {
            yield run;
        }
    }

    /**
     * Takes the outcome of the run that {@link next} named.
     *
     * @throws {ExperimentError} Unusable values (`Values`) or time (`BadTime`), nothing asked for (`NothingPending`). The state stays as it was.
     */
    record(outcome: Outcome): void {
        const document = write("the outcome", outcome);
        const { raw } = this.#held;
        call(ExperimentError, () => raw.record(document));
    }

    /** Asks for nothing more. What was recorded stays and has results. */
    cancel(): void {
        const { raw } = this.#held;
        call(ExperimentError, () => raw.cancel());
    }

    /** How far it is. */
    progress(): Progress {
        const { raw } = this.#held;
        return read(call(ExperimentError, () => raw.progress()));
    }

    /** What the runs so far say. */
    results(): Results {
        const { raw } = this.#held;
        return read(call(ExperimentError, () => raw.results()));
    }

    /** All there is to it, as a text that {@link Experiment.resume} takes, in another process or binding too. */
    state(): string {
        const { raw } = this.#held;
        return call(ExperimentError, () => raw.state());
    }

    free(): void {
        this.#held.free();
    }

    declare [Symbol.dispose]: () => void;
}
disposable(Experiment);

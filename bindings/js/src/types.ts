// The documents that go in and come out, their fields called as in docs/schemas: what the program prints can be read with these types too.

/** A seed of 64 bits; a bigint where a number would not be exact. */
export type Seed = number | bigint;

/** Whole lines, from 1, both included. */
export interface Lines {
    readonly start: number;
    readonly end: number;
}

/** An interval; an end that the samples do not bound is null. */
export interface Bounds {
    readonly low: number | null;
    readonly high: number | null;
}

/** An interval with the share of such intervals that hold the truth, 0 to 1. */
export interface Interval extends Bounds {
    readonly level: number;
}

/** What the evidence says; `minor` is a change that may lie within the margin. */
export type Verdict = "regressed" | "improved" | "slower_minor" | "faster_minor" | "equivalent" | "inconclusive";

/** What happened to an instance; what its numbers say is the verdict. */
export type Status =
    | "ok"
    | "failed"
    | "timed_out"
    | "skipped"
    | "unmeasurable"
    | "incomparable"
    | "no_baseline"
    | "new"
    | "removed"
    | "not_run_budget";

/** What a result is worth, in natural logarithms of current/baseline: below 0 is faster. */
export interface Reward {
    readonly log_ratio: number;
    readonly interval: Interval;
    readonly ln_e_value: number | null;
    /** The change that the interval vouches for, above 0 if faster; 0 where the interval holds 0. */
    readonly reward_lcb: number;
}

/** How finely changes are followed. */
export type Policy = "precise" | "strict" | "file";

/** Which rule of selection makes an instance affected. */
export type Rule =
    | "block_changed"
    | "block_gone"
    | "name_changed"
    | "name_new"
    | "name_gone"
    | "header_changed"
    | "effect_changed"
    | "import_broken"
    | "import_body"
    | "special_method"
    | "benchmark"
    | "unknown"
    | "whole_file"
    | "built_from"
    | "module_appeared"
    | "directory_changed"
    | "sentinel"
    | "import_time"
    | "file_changed"
    | "always"
    | "new_benchmark";

/** One statement of a chain of mentions. */
export interface Link {
    readonly file: string;
    readonly lines: Lines;
    /** The name that it mentions. */
    readonly mentions: string;
}

/** Why an instance is affected. */
export interface Reason {
    /** The changed file, relative to the source root; for `always` the suite's file. */
    readonly file: string;
    readonly rule: Rule;
    /** The block that was executed, or that mentions the name. */
    readonly block: string | null;
    /** File of that block, where it is another one. */
    readonly block_file: string | null;
    /** The changed name. */
    readonly name: string | null;
    /** Lines of the change in the survey. */
    readonly old_lines: Lines | null;
    /** Lines of the change now. */
    readonly new_lines: Lines | null;
    /** Statements between the change and the block, first to last. */
    readonly chain: readonly Link[];
    /** What the rule alone does not say. */
    readonly detail: string | null;
}

/** A reason with its words. */
export interface ReasonInWords extends Reason {
    readonly text: string;
}

/** A reason with the number of instances that it affects. */
export interface ReasonGroup extends ReasonInWords {
    readonly count: number;
}

/** A change that was left out because it would select too large a share. */
export interface Hotfile {
    readonly file: string;
    /** Share of all instances that execute its blocks, 0 to 1. */
    readonly share: number;
    /** How many instances its change affects. */
    readonly affected: number;
    /** Ids of those that were left out. */
    readonly left_out: readonly string[];
    /** Ids of those that were selected in their stead. */
    readonly sentinels: readonly string[];
}

/** What `lightspeed select --json` prints. */
export interface SelectReport {
    readonly schema: "lightspeed.select/1";
    readonly generation: number;
    readonly policy: Policy;
    readonly affected: readonly { readonly benchmark: string; readonly reasons: readonly ReasonInWords[] }[];
    readonly unaffected: readonly string[];
    readonly hotfiles: readonly Hotfile[];
    readonly changed_files: readonly string[];
    readonly ignored_files: readonly string[];
    readonly removed: readonly string[];
    readonly environment: {
        readonly interpreter: string;
        readonly runner_version: string;
        readonly drift: readonly string[];
    };
    readonly diagnostics: readonly string[];
}

/** A module, class or function, or a branch of a module that runs on a condition. */
export type BlockKind = "module" | "class" | "function" | "branch";

/** A part of a file that is executed as one. */
export interface Block {
    /** Path of the file, `::`, identity inside the file. */
    readonly id: string;
    readonly kind: BlockKind;
    readonly start_line: number;
    readonly end_line: number;
    /** CRC-32 of its canonical form, eight hex digits. */
    readonly checksum: string;
}

/** A statement that runs while the file is imported. */
export interface Definition {
    /** Id of the block that it stands in. */
    readonly scope: string;
    readonly kind: "import" | "star" | "binding" | "header" | "annotation" | "guard" | "effect";
    readonly binds: readonly string[];
    readonly start_line: number;
    readonly end_line: number;
    readonly checksum: string;
}

/** What could not be read; whatever depends on it counts as affected. */
export interface Diagnostic {
    readonly start_line: number;
    readonly end_line: number;
    readonly message: string;
}

/** What a source file is made of. */
export interface FileBlocks {
    readonly path: string;
    /** The id that git gives its content. */
    readonly blob: string;
    /** In the order of their first lines; the first is the module. */
    readonly blocks: readonly Block[];
    readonly definitions: readonly Definition[];
    readonly diagnostics: readonly Diagnostic[];
}

/** Whether a file is followed by blocks, or any change of it counts. */
export type FileKind = "source" | "whole";

/** A file that instances depend on. */
export interface IndexFile {
    readonly path: string;
    readonly kind: FileKind;
    /** The id that git gave its content at the survey. */
    readonly blob: string;
    /** How many blocks it has. */
    readonly blocks: number;
    /** Instances that import it. */
    readonly importers: number;
    /** Instances that execute anything of it. */
    readonly users: number;
}

/** How many instances use a block. */
export interface BlockHeat {
    readonly id: string;
    readonly kind: BlockKind;
    readonly start_line: number;
    readonly end_line: number;
    /** Instances that execute it while they import. */
    readonly importing: number;
    /** Instances that execute it in setup or run. */
    readonly executing: number;
}

/** A file that an instance uses. */
export interface InstanceFile {
    readonly path: string;
    /** Ids of the blocks that it executes in setup or run. */
    readonly blocks: readonly string[];
    readonly imported: boolean;
}

/** What an instance is gathered by on a map. */
export type Grouping = "file" | "class" | "benchmark";

/** Statistics of samples under ASV's names, in the benchmark's unit. */
export interface Stats {
    readonly median: number;
    /** Lower end of the 99 % interval. */
    readonly ci_99_a: number | null;
    readonly ci_99_b: number | null;
    readonly q_25: number | null;
    readonly q_75: number | null;
    /** Number of samples. */
    readonly repeat: number | null;
    /** Calls per sample. */
    readonly number: number | null;
}

/** A baseline, as `lightspeed results --json` has it. */
export interface BaselineReport {
    /** What its numbers count; null if another program wrote it. */
    readonly unit: string | null;
    readonly stats: Stats;
    /** Empty if another program wrote it. */
    readonly samples: readonly number[];
    readonly params: readonly string[];
    /** The survey it was measured with. */
    readonly generation: number | null;
    /** Milliseconds since 1970. */
    readonly measured_at_ms: number | null;
}

/** What became of an instance in a step. */
export interface StepBenchmark {
    readonly unit: string | null;
    /** Estimate of current/baseline. */
    readonly ratio: number | null;
    readonly interval: Bounds | null;
    /** Two-sided p-value of "no difference". */
    readonly p_value: number | null;
    /** Evidence against "no difference", where it was measured in pairs. */
    readonly e_value: number | null;
    readonly pairs: number | null;
    readonly reward: Reward | null;
    /** Its baseline's median now. */
    readonly baseline: number | null;
    readonly stats: Stats | null;
    /** Change in per cent. */
    readonly delta_pct: number | null;
    readonly status: Status;
    readonly verdict: Verdict | null;
    /** Why there is no number. */
    readonly reason: string | null;
    /** Why it was selected. */
    readonly reasons: readonly ReasonInWords[];
    /** Of failed runs too. */
    readonly samples: readonly number[];
    /** How many of them each process run gave, in order. */
    readonly runs: readonly number[];
}

/** A measured change, as `lightspeed results --json` has it. */
export interface StepReport {
    readonly step_id: string;
    /** Milliseconds since 1970. */
    readonly created_at_ms: number;
    /** `state`, `generation`, `counts`, `left_out` and `measure_s`, as far as they are known. */
    readonly summary: Readonly<Record<string, unknown>>;
    /** All times together: the geometric mean of their ratios. */
    readonly reward: Reward | null;
    readonly benchmarks: Readonly<Record<string, StepBenchmark>>;
}

/** A benchmark of the suite. */
export interface BenchmarkInfo {
    readonly name: string;
    /** Relative to the suite. */
    readonly file: string;
    /** `time`, `peakmemory`, `track` … */
    readonly kind: string;
    readonly unit: string;
    /** For each parameter its values, as ASV writes them. Instance `name-K` is combination K, the last parameter varying fastest. */
    readonly params: readonly (readonly string[])[];
    readonly param_names: readonly string[];
}

/** Where a survey comes from and what was measured. */
export interface Context {
    readonly schema: "lightspeed.context/1";
    readonly suite: {
        readonly name: string;
        readonly generation: number;
        /** Milliseconds since 1970. */
        readonly surveyed_at_ms: number;
        readonly interpreter: string;
        readonly runner_version: string;
        readonly host: Readonly<Record<string, unknown>>;
    };
    readonly benchmarks: readonly BenchmarkInfo[];
    /** By instance id. */
    readonly baselines: Readonly<Record<string, BaselineReport>>;
    /** Oldest first. */
    readonly steps: readonly StepReport[];
}

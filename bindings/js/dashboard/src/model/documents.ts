// The documents that a snapshot and the module speak, as types. Fields are called as in docs/schemas.

export type Verdict = "regressed" | "improved" | "slower_minor" | "faster_minor" | "equivalent" | "inconclusive";

export type Status =
  | "ok" | "failed" | "timed_out" | "skipped" | "unmeasurable" | "incomparable" | "no_baseline" | "new" | "removed"
  | "not_run_budget";

export type Policy = "precise" | "strict" | "file";

/** How the map gathers instances into rows. */
export type Grouping = "file" | "class" | "benchmark";

/** Whole lines, from 1, both included. */
export interface Lines { start: number; end: number }

export interface Stats {
  median: number;
  ci_99_a: number | null;
  ci_99_b: number | null;
  q_25: number | null;
  q_75: number | null;
  repeat: number | null;
  number: number | null;
}

/** An interval; an end that nothing bounds is null. */
export interface Bounds { low: number | null; high: number | null }

/** What a result is worth, in logarithms of current/baseline: below 0 is faster. */
export interface Reward {
  log_ratio: number;
  interval: Bounds & { level: number };
  ln_e_value: number | null;
  reward_lcb: number;
}

export interface BaselineReport {
  unit: string | null;
  stats: Stats;
  samples: number[];
  params: string[];
  generation: number | null;
  measured_at_ms: number | null;
}

export interface Reason {
  file: string;
  rule: string;
  block: string | null;
  block_file: string | null;
  name: string | null;
  old_lines: Lines | null;
  new_lines: Lines | null;
  chain: { file: string; lines: Lines; mentions: string }[];
  detail: string | null;
}

/** A reason in words, with the number of instances that have it. */
export interface ReasonGroup extends Reason { text: string; count: number }

export interface StepBenchmark {
  unit: string | null;
  ratio: number | null;
  interval: Bounds | null;
  p_value: number | null;
  e_value: number | null;
  pairs: number | null;
  reward: Reward | null;
  baseline: number | null;
  stats: Stats | null;
  delta_pct: number | null;
  status: Status;
  verdict: Verdict | null;
  reason: string | null;
  reasons: Reason[];
  samples: number[];
  runs: number[];
}

export interface StepReport {
  step_id: string;
  created_at_ms: number;
  summary: Record<string, unknown>;
  reward: Reward | null;
  benchmarks: Record<string, StepBenchmark>;
}

export interface BenchmarkInfo {
  name: string;
  file: string;
  kind: string;
  unit: string;
  params: string[][];
  param_names: string[];
}

/** What a snapshot says beside the survey itself. */
export interface Context {
  schema: string;
  suite: {
    name: string;
    generation: number;
    surveyed_at_ms: number;
    interpreter: string;
    runner_version: string;
    host: Record<string, unknown>;
  };
  benchmarks: BenchmarkInfo[];
  baselines: Record<string, BaselineReport>;
  /** Oldest first. */
  steps: StepReport[];
}

export interface IndexFile {
  path: string;
  kind: "source" | "whole";
  blob: string;
  blocks: number;
  /** Instances that import it. */
  importers: number;
  /** Instances that execute anything of it. */
  users: number;
}

export interface BlockHeat {
  id: string;
  kind: string;
  start_line: number;
  end_line: number;
  importing: number;
  executing: number;
}

/** A file that an instance uses; `blocks` are those executed in setup or run. */
export interface InstanceFile { path: string; blocks: string[]; imported: boolean }

export interface Hotfile { file: string; share: number; affected: number; left_out: string[]; sentinels: string[] }

/** What the module's `compare` says. */
export interface Comparison {
  method: string;
  ratio: number;
  interval: Bounds & { level: number };
  p_value: number;
  verdict: Verdict;
  warnings: unknown[];
}

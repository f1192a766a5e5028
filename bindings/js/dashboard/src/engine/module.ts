// The module that computes, as the engine uses it: the one place that knows where it comes from.

import type { BlockHeat, Grouping, Hotfile, IndexFile, InstanceFile, Policy, ReasonGroup } from "../model/documents.ts";

export interface Question { policy: Policy; hotfile_threshold: number }

export interface FilesHandle {
  add(path: string, bytes: Uint8Array): void;
  remove(path: string): void;
  free(): void;
}

export interface SuiteMapHandle {
  rows(): { name: string; count: number }[];
  columns(): string[];
  cells(): Uint32Array;
  units(): Uint32Array;
  members(row: number): Uint32Array;
  free(): void;
}

export interface SelectionHandle {
  affected(): Uint32Array;
  reasons(): ReasonGroup[];
  who(reason: number): Uint32Array;
  why(instance: number): Uint32Array;
  hotfiles(): Hotfile[];
  markdown(): string;
  free(): void;
}

export interface IndexHandle {
  ids(): string[];
  files(): IndexFile[];
  heat(path: string): BlockHeat[];
  map(by: Grouping): SuiteMapHandle;
  depends(instance: number): InstanceFile[];
  select(files: FilesHandle, question: Question): SelectionHandle;
  free(): void;
}

/** An opened snapshot or database. */
export interface Opened {
  index: IndexHandle;
  /** A `lightspeed.context/1`, as text; empty if there is none. */
  context: string;
  /** Paths whose surveyed text is there. */
  paths: string[];
  text(path: string): Uint8Array | undefined;
  free(): void;
}

export interface Module {
  files(): FilesHandle;
  openSnapshot(bytes: Uint8Array): Opened;
  openDatabase(bytes: Uint8Array): Promise<Opened>;
  stats(name: string, input: unknown): unknown;
}

/** What the page carries: both modules, inflated. */
export interface Binaries { core: Uint8Array; sqlite: Uint8Array }

/** Starts the module in this thread. */
export function loadModule(_binaries: Binaries): Promise<Module> {
  return Promise.reject(new Error("This page was built without its module: build it again."));
}

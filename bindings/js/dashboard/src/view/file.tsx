// A file of the survey: its blocks, how many instances execute each, and its source.

import { useMemo } from "preact/hooks";
import type { FileDetail } from "../engine/engine.ts";
import type { BlockHeat } from "../model/documents.ts";
import { counted, formatCount, formatShare } from "../model/format.ts";
import { heatStep } from "../model/palette.ts";
import { numberIn } from "../model/place.ts";
import { useAnswer, usePlace } from "../page/hooks.ts";
import { Empty, Message } from "../part/message.tsx";
import { Source, usesOf } from "../part/source.tsx";

/** Above that many, blocks without any execution are left out of the list. */
const MANY = 400;

export function FilePane({ path, onClose }: { path: string; onClose: () => void }) {
    const { value, error, busy } = useAnswer((engine) => engine.file(path), [path]);
    return (
        <aside class="pane" aria-label={`File ${path}`}>
            <header class="pane-head">
                <h2 class="mono">{path}</h2>
                <button type="button" class="quiet" onClick={onClose} aria-label="Close the file">
                    ✕
                </button>
            </header>
            {error ? (
                <Message tone="error">{error}</Message>
            ) : value ? (
                <Blocks detail={value} />
            ) : busy ? (
                <p class="muted">…</p>
            ) : (
                <Empty title="Not in this survey">The link names a file that the open survey does not have.</Empty>
            )}
        </aside>
    );
}

function Blocks({ detail }: { detail: FileDetail }) {
    const [{ at }, go] = usePlace();
    const line = at.line ? numberIn(at.line, 1, 1e9, 1) : null;
    const { file, instances, text } = detail;
    const blocks = useMemo(() => listed(detail.blocks), [detail]);
    return (
        <>
            <p class="muted">
                {file.kind === "whole" ? "Followed as a whole" : counted(file.blocks, "block")};{" "}
                {counted(file.users, "instance")} of {formatCount(instances)} execute{file.users === 1 ? "s" : ""} some
                of it, {formatCount(file.importers)} import it.
            </p>
            {blocks.length > 0 && (
                <div class="scroll-y blocks" tabIndex={0} role="region" aria-label="Blocks">
                    <table class="plain">
                        <thead>
                            <tr>
                                <th>Block</th>
                                <th class="end">Lines</th>
                                <th class="end">Instances</th>
                                <th>
                                    <span class="hidden">Share</span>
                                </th>
                            </tr>
                        </thead>
                        <tbody>
                            {blocks.map((block) => (
                                <tr key={block.id} aria-selected={line === block.start_line}>
                                    <td>
                                        <button
                                            type="button"
                                            class="link mono"
                                            onClick={() => go({ line: String(block.start_line) }, "replace")}
                                        >
                                            {blockName(block)}
                                        </button>
                                    </td>
                                    <td class="end">
                                        {block.start_line}–{block.end_line}
                                    </td>
                                    <td class="end">{formatCount(usesOf(block))}</td>
                                    <td>
                                        <Share uses={usesOf(block)} instances={instances} />
                                    </td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            )}
            {text === null ? (
                <p class="muted">
                    The opened file carries no text of it. A snapshot with sources, or the database, shows it here.
                </p>
            ) : (
                <Source text={text} blocks={detail.blocks} instances={instances} goTo={line} />
            )}
        </>
    );
}

function Share({ uses, instances }: { uses: number; instances: number }) {
    const share = uses / Math.max(1, instances);
    return (
        <span class="share" title={formatShare(share)}>
            <i data-heat={heatStep(share)} style={{ width: `${Math.max(uses > 0 ? 3 : 0, share * 100)}%` }} />
        </span>
    );
}

function blockName(block: BlockHeat): string {
    const name = block.id.slice(block.id.indexOf("::") + 2);
    return block.kind === "module" ? "(module)" : name || block.id;
}

function listed(blocks: readonly BlockHeat[]): BlockHeat[] {
    const kept = blocks.length > MANY ? blocks.filter((block) => usesOf(block) > 0) : [...blocks];
    return kept.sort((a, b) => a.start_line - b.start_line || b.end_line - a.end_line);
}

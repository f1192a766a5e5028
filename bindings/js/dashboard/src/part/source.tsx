// A source with its block heat: how many instances execute each line's innermost block.

import { useEffect, useMemo, useState } from "preact/hooks";
import type { BlockHeat } from "../model/documents.ts";
import { counted, formatCount } from "../model/format.ts";
import { heatStep } from "../model/palette.ts";
import { linesOf } from "../model/text.ts";
import { useSize } from "../page/hooks.ts";

const LINE = 20;

export function Source({
    text,
    blocks,
    instances,
    goTo,
}: {
    text: string;
    blocks: readonly BlockHeat[];
    instances: number;
    goTo: number | null;
}) {
    const lines = useMemo(() => linesOf(text), [text]);
    const innermost = useMemo(() => innermostBlocks(lines.length, blocks), [lines, blocks]);
    const [measure, size, scroller] = useSize<HTMLDivElement>();
    const [top, setTop] = useState(0);
    useEffect(() => {
        if (scroller && goTo !== null) scroller.scrollTop = Math.max(0, (goTo - 3) * LINE);
    }, [scroller, goTo]);
    const first = Math.max(0, Math.floor(top / LINE) - 10);
    const last = Math.min(lines.length, Math.ceil((top + size.height) / LINE) + 10);
    const target = goTo === null ? undefined : blocks.find((block) => block.start_line === goTo);
    return (
        <div
            class="source"
            ref={measure}
            onScroll={(event) => setTop(event.currentTarget.scrollTop)}
            tabIndex={0}
            role="region"
            aria-label="Source, each line with the number of instances that execute its block"
        >
            <div style={{ height: `${lines.length * LINE}px`, position: "relative" }}>
                {Array.from({ length: Math.max(0, last - first) }, (_, offset) => {
                    const place = first + offset;
                    const block = blocks[innermost[place] ?? -1];
                    const uses = block ? usesOf(block) : 0;
                    const marked = target && place + 1 >= target.start_line && place + 1 <= target.end_line;
                    return (
                        <div
                            class="source-line"
                            key={place}
                            data-marked={marked ? "" : undefined}
                            style={{ transform: `translateY(${place * LINE}px)` }}
                        >
                            <span
                                class="source-heat"
                                data-heat={heatStep(uses / Math.max(1, instances))}
                                title={block ? `${block.id}: ${counted(uses, "instance")}` : undefined}
                            >
                                {block ? formatCount(uses) : ""}
                            </span>
                            <span class="source-number">{place + 1}</span>
                            <code>{lines[place] || " "}</code>
                        </div>
                    );
                })}
            </div>
        </div>
    );
}

/** Who executes a block. Modules, classes and branches of them are executed by importing, functions when they are called. */
export function usesOf(block: BlockHeat): number {
    return block.kind === "function" ? block.executing : Math.max(block.importing, block.executing);
}

/** For each line the number of the smallest block that holds it; −1 for none. */
function innermostBlocks(lines: number, blocks: readonly BlockHeat[]): Int32Array {
    const found = new Int32Array(lines).fill(-1);
    const bySize = Array.from(blocks.keys()).sort((a, b) => length(blocks[b]) - length(blocks[a]));
    for (const number of bySize) {
        const block = blocks[number];
        if (block) found.fill(number, Math.max(0, block.start_line - 1), block.end_line);
    }
    return found;
}

function length(block: BlockHeat | undefined): number {
    return block ? block.end_line - block.start_line : 0;
}

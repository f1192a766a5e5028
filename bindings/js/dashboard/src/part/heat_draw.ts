// Drawing of the suite's map: cells, then the labels over them.

import type { MapShape } from "../engine/engine.ts";
import { formatShare } from "../model/format.ts";
import { heatStep, type Palette } from "../model/palette.ts";
import { valueAt, type Cell, type Values } from "./heat.tsx";

export interface Frame {
    cell: number;
    labels: number;
    head: number;
}
export interface Sight {
    top: number;
    bottom: number;
    left: number;
    right: number;
}

export interface Scene {
    shape: MapShape;
    rows: readonly number[];
    columns: readonly number[];
    frame: Frame;
    sight: Sight;
    size: { width: number; height: number };
    scroll: { left: number; top: number };
    active: Cell | null;
    values: Values | null;
    palette: Palette;
}

export function drawHeat(canvas: HTMLCanvasElement, scene: Scene): void {
    const unit = devicePixelRatio;
    const { size, palette } = scene;
    const [width, height] = [Math.round(size.width * unit), Math.round(size.height * unit)];
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    const ctx = canvas.getContext("2d");
    if (!ctx) return;
    ctx.setTransform(unit, 0, 0, unit, 0, 0);
    ctx.fillStyle = palette.surface;
    ctx.fillRect(0, 0, size.width, size.height);
    drawCells(ctx, scene);
    drawRows(ctx, scene);
    drawColumns(ctx, scene);
}

function drawCells(ctx: CanvasRenderingContext2D, scene: Scene): void {
    const { shape, columns, frame, sight, scroll, active, values, palette } = scene;
    const gap = frame.cell > 8 ? 1 : 0;
    ctx.save();
    ctx.beginPath();
    ctx.rect(frame.labels, frame.head, scene.size.width, scene.size.height);
    ctx.clip();
    ctx.font = "10px system-ui, sans-serif";
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    for (let row = sight.top; row < sight.bottom; row += 1) {
        const y = frame.head + row * frame.cell - scroll.top;
        for (let column = sight.left; column < sight.right; column += 1) {
            const value = valueAt(values, row, column) ?? 0;
            const share = value / Math.max(1, shape.units[columns[column] ?? 0] ?? 1);
            const step = heatStep(share);
            if (step < 0) continue;
            const x = frame.labels + column * frame.cell - scroll.left;
            ctx.fillStyle = palette.heat[step] ?? palette.text;
            ctx.fillRect(x, y, frame.cell - gap, frame.cell - gap);
            if (frame.cell >= 28) {
                ctx.fillStyle = step >= 3 ? palette.surface : palette.text;
                ctx.fillText(formatShare(share).replace(/[^\d<>]/g, ""), x + frame.cell / 2, y + frame.cell / 2);
            }
        }
    }
    if (active) {
        ctx.strokeStyle = palette.text;
        ctx.lineWidth = 2;
        ctx.strokeRect(
            frame.labels + active.column * frame.cell - scroll.left - 0.5,
            frame.head + active.row * frame.cell - scroll.top - 0.5,
            frame.cell,
            frame.cell,
        );
    }
    ctx.restore();
}

function drawRows(
    ctx: CanvasRenderingContext2D,
    { shape, rows, frame, sight, scroll, active, palette, size }: Scene,
): void {
    ctx.save();
    ctx.beginPath();
    ctx.rect(0, frame.head, frame.labels, size.height);
    ctx.clip();
    ctx.textBaseline = "middle";
    ctx.textAlign = "right";
    const every = Math.max(1, Math.ceil(13 / frame.cell));
    for (let row = sight.top - (sight.top % every); row < sight.bottom; row += every) {
        const name = shape.rows[rows[row] ?? -1]?.name ?? "";
        emphasis(ctx, active?.row === row, palette);
        ctx.fillText(
            ending(ctx, name, frame.labels - 12),
            frame.labels - 6,
            frame.head + (row + 0.5) * frame.cell - scroll.top,
        );
    }
    ctx.restore();
}

function drawColumns(
    ctx: CanvasRenderingContext2D,
    { shape, columns, frame, sight, scroll, active, palette, size }: Scene,
): void {
    ctx.save();
    ctx.beginPath();
    ctx.rect(frame.labels, 0, size.width, frame.head);
    ctx.clip();
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    const every = Math.max(1, Math.ceil(13 / frame.cell));
    for (let column = sight.left - (sight.left % every); column < sight.right; column += every) {
        const name = shape.columns[columns[column] ?? -1] ?? "";
        emphasis(ctx, active?.column === column, palette);
        ctx.save();
        ctx.translate(frame.labels + (column + 0.5) * frame.cell - scroll.left, frame.head - 6);
        ctx.rotate(-Math.PI / 2);
        ctx.fillText(ending(ctx, name, frame.head - 14), 0, 0);
        ctx.restore();
    }
    ctx.restore();
}

function emphasis(ctx: CanvasRenderingContext2D, active: boolean, palette: Palette): void {
    ctx.font = `${active ? "600 " : ""}11.5px system-ui, sans-serif`;
    ctx.fillStyle = active ? palette.text : palette.muted;
}

const cut = new Map<string, string>();

/** The end of a name, which tells names apart better than the beginning does. */
function ending(ctx: CanvasRenderingContext2D, name: string, width: number): string {
    const key = `${ctx.font}|${width}|${name}`;
    const known = cut.get(key);
    if (known !== undefined) return known;
    let text = name;
    if (ctx.measureText(text).width > width) {
        let [low, high] = [0, name.length];
        while (low < high) {
            const middle = (low + high) >> 1;
            if (ctx.measureText(`…${name.slice(middle)}`).width > width) low = middle + 1;
            else high = middle;
        }
        text = `…${name.slice(low)}`;
    }
    if (cut.size > 20_000) cut.clear();
    cut.set(key, text);
    return text;
}

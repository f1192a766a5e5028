// A series over steps, each point with its interval, by uPlot.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { DARK, LIGHT, type Palette } from "../model/palette.ts";
import type { Tone } from "../model/verdict.ts";
import { useSize } from "../page/hooks.ts";
import { useDark } from "../page/theme.ts";

export interface Point {
    id: string;
    at: number;
    y: number | null;
    low: number | null;
    high: number | null;
    tone: Tone;
    says: string;
}

interface Props {
    label: string;
    points: readonly Point[];
    /** A level to compare with, and its interval. */
    level?: { y: number; low: number | null; high: number | null; label: string } | null;
    format: (y: number) => string;
    /** Where the vertical axis is marked; evenly unless given. */
    ticks?: (low: number, high: number) => number[];
    byTime: boolean;
    selected?: string | undefined;
    onSelect?: (id: string) => void;
    height?: number;
}

export function Chart(props: Props) {
    const [measure, { width }, element] = useSize<HTMLDivElement>();
    const dark = useDark();
    const [hovered, hover] = useState<number | null>(null);
    const latest = useRef(props);
    latest.current = props;
    const { points, level, byTime, height = 220 } = props;
    const key = useMemo(() => ({}), [points, level?.y, byTime, dark, props.selected]);

    useEffect(() => {
        if (!element || width < 80) return;
        const xs = points.map((point, place) => (byTime ? point.at / 1000 : place));
        const plot = new uPlot(
            options(latest, dark ? DARK : LIGHT, width, height, hover),
            [xs, points.map((point) => point.y)] as uPlot.AlignedData,
            element,
        );
        const click = () => {
            const place = plot.cursor.idx;
            const point = place == null ? undefined : latest.current.points[place];
            if (point) latest.current.onSelect?.(point.id);
        };
        plot.over.addEventListener("click", click);
        return () => plot.destroy();
    }, [element, width, height, key]);

    const said = hovered === null ? null : points[hovered];
    const summary = `${props.label}: ${points.length} points${points.length ? `, the last ${points.at(-1)?.says ?? ""}` : ""}. The table has the same numbers.`;
    return (
        <figure class="chart">
            <div ref={measure} role="img" aria-label={summary} style={{ minHeight: `${height}px` }} />
            <figcaption>{said ? said.says : level ? level.label : " "}</figcaption>
        </figure>
    );
}

function options(
    props: { current: Props },
    palette: Palette,
    width: number,
    height: number,
    hover: (place: number | null) => void,
): uPlot.Options {
    const { points, level, byTime } = props.current;
    const font = "12px system-ui, sans-serif";
    const axis = {
        stroke: palette.muted,
        font,
        grid: { stroke: palette.line, width: 1 },
        ticks: { stroke: palette.line, width: 1, size: 4 },
    };
    return {
        width,
        height,
        legend: { show: false },
        pxAlign: 1,
        cursor: { drag: { x: false, y: false }, points: { show: false }, y: false },
        scales: {
            x: { time: byTime, range: () => around(points, byTime) },
            y: { range: () => span(points, level ?? null) },
        },
        axes: [
            {
                ...axis,
                values: byTime
                    ? undefined
                    : (_: uPlot, splits: number[]) =>
                          splits.map((at) => (Number.isInteger(at) ? short(points[at]?.id ?? "") : "")),
                space: 70,
                size: 34,
                ...(byTime ? {} : { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] }),
            } as uPlot.Axis,
            {
                ...axis,
                size: 74,
                values: (_, splits) => splits.map(props.current.format),
                ...(props.current.ticks
                    ? {
                          splits: (_: uPlot, __: number, low: number, high: number) =>
                              props.current.ticks?.(low, high) ?? [],
                      }
                    : {}),
            },
        ],
        series: [{}, { stroke: palette.muted, width: 1, points: { show: false }, spanGaps: true }],
        hooks: {
            drawClear: [(plot) => drawLevel(plot, level ?? null, palette)],
            draw: [(plot) => drawPoints(plot, props.current, palette)],
            setCursor: [
                (plot) => hover(plot.cursor.left != null && plot.cursor.left >= 0 ? (plot.cursor.idx ?? null) : null),
            ],
        },
    };
}

function drawLevel(plot: uPlot, level: Props["level"] | null, palette: Palette): void {
    if (!level) return;
    const { ctx, bbox } = plot;
    const y = (value: number) => plot.valToPos(value, "y", true);
    ctx.save();
    if (level.low !== null && level.high !== null) {
        ctx.globalAlpha = 0.14;
        ctx.fillStyle = palette.accent;
        ctx.fillRect(bbox.left, y(level.high), bbox.width, Math.max(1, y(level.low) - y(level.high)));
        ctx.globalAlpha = 1;
    }
    ctx.strokeStyle = palette.accent;
    ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y(level.y));
    ctx.lineTo(bbox.left + bbox.width, y(level.y));
    ctx.stroke();
    ctx.restore();
}

function drawPoints(plot: uPlot, { points, byTime, selected }: Props, palette: Palette): void {
    const { ctx, bbox } = plot;
    const unit = devicePixelRatio;
    ctx.save();
    points.forEach((point, place) => {
        const x = plot.valToPos(byTime ? point.at / 1000 : place, "x", true);
        const colour = palette.tones[point.tone];
        ctx.strokeStyle = ctx.fillStyle = colour;
        ctx.lineWidth = 1.5 * unit;
        if (point.y === null) {
            // What gave no number is not passed over: a cross at the foot.
            const foot = bbox.top + bbox.height - 7 * unit;
            cross(ctx, x, foot, 3.5 * unit);
            return;
        }
        const y = plot.valToPos(point.y, "y", true);
        const [low, high] = [point.low, point.high].map((value) =>
            value === null ? null : plot.valToPos(value, "y", true),
        );
        if (low != null && high != null) {
            ctx.beginPath();
            for (const [x1, y1, x2, y2] of [
                [x, low, x, high],
                [x - 3 * unit, low, x + 3 * unit, low],
                [x - 3 * unit, high, x + 3 * unit, high],
            ] as const) {
                ctx.moveTo(x1, y1);
                ctx.lineTo(x2, y2);
            }
            ctx.stroke();
        }
        mark(ctx, x, y, point.tone, palette.surface, unit);
        if (point.id === selected) {
            ctx.beginPath();
            ctx.arc(x, y, 8 * unit, 0, 7);
            ctx.stroke();
        }
    });
    ctx.restore();
}

/** Worse points up, better points down, else a circle: as in the tables. Minor ones are hollow. */
function mark(ctx: CanvasRenderingContext2D, x: number, y: number, tone: Tone, surface: string, unit: number): void {
    const size = 4.5 * unit;
    const way = tone.startsWith("worse") ? -1 : tone.startsWith("better") ? 1 : 0;
    ctx.beginPath();
    if (way === 0) ctx.arc(x, y, 3.5 * unit, 0, 7);
    else {
        ctx.moveTo(x, y + way * size);
        ctx.lineTo(x - size, y - way * size * 0.8);
        ctx.lineTo(x + size, y - way * size * 0.8);
        ctx.closePath();
    }
    if (tone.endsWith("minor") || tone === "open") ctx.fillStyle = surface;
    ctx.fill();
    ctx.stroke();
}

function cross(ctx: CanvasRenderingContext2D, x: number, y: number, size: number): void {
    ctx.beginPath();
    ctx.moveTo(x - size, y - size);
    ctx.lineTo(x + size, y + size);
    ctx.moveTo(x - size, y + size);
    ctx.lineTo(x + size, y - size);
    ctx.stroke();
}

function span(points: readonly Point[], level: Props["level"] | null): [number, number] {
    const values = points
        .flatMap((point) => [point.y, point.low, point.high])
        .concat(level ? [level.y, level.low, level.high] : [])
        .filter((value) => value !== null && value !== undefined);
    if (values.length === 0) return [0, 1];
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const room = (high - low || Math.abs(high) * 0.02 || 1) * 0.12;
    return [low - room, high + room];
}

function around(points: readonly Point[], byTime: boolean): [number, number] {
    if (!byTime) return [-0.5, Math.max(1, points.length) - 0.5];
    const [first, last] = [(points[0]?.at ?? 0) / 1000, (points.at(-1)?.at ?? 0) / 1000];
    const room = (last - first || 3600) * 0.04;
    return [first - room, last + room];
}

function short(id: string): string {
    return id.length > 12 ? `${id.slice(0, 11)}…` : id;
}

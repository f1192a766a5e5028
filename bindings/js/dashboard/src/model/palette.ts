// Colours for what is drawn by hand; the style sheet has the same. Blue and orange differ for every kind of colour blindness.

import type { Tone } from "./verdict.ts";

export interface Palette {
    surface: string;
    line: string;
    text: string;
    muted: string;
    accent: string;
    /** From little to all. */
    heat: readonly string[];
    tones: Record<Tone, string>;
}

export const LIGHT: Palette = {
    surface: "#ffffff",
    line: "#e2e0da",
    text: "#1d1f23",
    muted: "#5c6068",
    accent: "#1f5aa8",
    heat: ["#dfeaf5", "#b9d3ea", "#86b3da", "#4f8fc4", "#2469a3", "#0d4477"],
    tones: {
        worse: "#b3420a",
        "worse-minor": "#b3420a",
        better: "#1060a5",
        "better-minor": "#1060a5",
        same: "#5c6068",
        open: "#5c6068",
        fault: "#96205a",
    },
};

export const DARK: Palette = {
    surface: "#1a1d22",
    line: "#30343c",
    text: "#e7e7e4",
    muted: "#a0a5ae",
    accent: "#8ab8f5",
    heat: ["#223244", "#2b4a6b", "#35669a", "#4c88c4", "#7cb0e4", "#bcdcfb"],
    tones: {
        worse: "#f59255",
        "worse-minor": "#f59255",
        better: "#74b6f4",
        "better-minor": "#74b6f4",
        same: "#a0a5ae",
        open: "#a0a5ae",
        fault: "#ec8dbb",
    },
};

/** The step of the heat scale for a share of 1; −1 where there is nothing. */
export function heatStep(share: number): number {
    return share <= 0 ? -1 : Math.min(LIGHT.heat.length - 1, Math.floor(share * LIGHT.heat.length - 1e-9));
}

// Numbers as people read them: 1.230 ms, 17.4 MiB, +3.1 %, ×1.031. Figures are cut to what the width of a column bears.

const TIMES: [string, number][] = [
    ["ns", 1e-9],
    ["µs", 1e-6],
    ["ms", 1e-3],
    ["s", 1],
];
const SIZES: [string, number][] = [
    ["B", 1],
    ["KiB", 2 ** 10],
    ["MiB", 2 ** 20],
    ["GiB", 2 ** 30],
    ["TiB", 2 ** 40],
];
const MINUS = "−";
/** Between a number and its unit: they do not part at the end of a line. */
const THIN = "\u202f";

/** Nothing to say. */
export const NONE = "–";

/** A value in its unit; `seconds` and `bytes` are scaled, others are named. */
export function formatValue(value: number | null | undefined, unit: string | null): string {
    if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
    switch (kindOf(unit)) {
        case "time":
            return scaled(value, TIMES, 1000);
        case "size":
            return Number.isInteger(value) && Math.abs(value) < 1024
                ? `${signed(value, 0)}${THIN}B`
                : scaled(value, SIZES, 1024);
        default: {
            const name = unit === null || unit === "unit" ? "" : unit;
            return name ? `${plain(value)}${THIN}${name}` : plain(value);
        }
    }
}

/** What a unit counts. */
export function kindOf(unit: string | null): "time" | "size" | "other" {
    switch (unit?.trim()) {
        case "seconds":
        case "second":
        case "s":
            return "time";
        case "bytes":
        case "byte":
        case "B":
            return "size";
        default:
            return "other";
    }
}

/** A change from a ratio of current/baseline, with its sign: +3.1 %. Beyond tenfold it is a factor. */
export function formatChange(ratio: number | null | undefined): string {
    if (ratio === null || ratio === undefined || !Number.isFinite(ratio) || ratio <= 0) return NONE;
    if (ratio >= 10 || ratio <= 0.1) return formatRatio(ratio);
    const percent = (ratio - 1) * 100;
    const digits = Math.abs(percent) < 10 ? 1 : 0;
    const text = Math.abs(percent).toFixed(digits);
    const sign = Number(text) === 0 ? "±" : percent > 0 ? "+" : MINUS;
    return `${sign}${text}${THIN}%`;
}

/** A ratio as a factor: ×1.031. */
export function formatRatio(ratio: number | null | undefined): string {
    if (ratio === null || ratio === undefined || !Number.isFinite(ratio)) return NONE;
    return `×${significant(ratio, ratio >= 10 ? 3 : 4)}`;
}

/** Both ends of an interval of ratios as changes; an end that nothing bounds is ∞. */
export function formatInterval(low: number | null, high: number | null): string {
    return `${low === null ? `${MINUS}∞` : formatChange(low)} … ${high === null ? "+∞" : formatChange(high)}`;
}

/** A logarithm of a ratio, with its sign. */
export function formatLog(value: number | null | undefined): string {
    if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
    const text = Math.abs(value).toFixed(4);
    return Number(text) === 0 ? `±${text}` : `${value > 0 ? "+" : MINUS}${text}`;
}

/** A share of 1 as whole per cent; what is not quite nothing or all is not called so. */
export function formatShare(share: number): string {
    const percent = share * 100;
    if (percent > 0 && percent < 1) return `<1${THIN}%`;
    if (percent < 100 && percent > 99) return `>99${THIN}%`;
    return `${percent.toFixed(0)}${THIN}%`;
}

/** A count with its digits in groups. */
export function formatCount(count: number): string {
    const digits = Math.abs(Math.trunc(count)).toString();
    return (count < 0 ? MINUS : "") + (digits.length > 4 ? digits.replace(/\B(?=(\d{3})+$)/g, THIN) : digits);
}

/** `1 file`, `2 files`. */
export function counted(count: number, one: string, many = `${one}s`): string {
    return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A size of a file. */
export function formatBytes(bytes: number): string {
    return formatValue(bytes, "bytes");
}

/** A moment of this place's time, to the minute: 2026-11-21 14:05. */
export function formatTime(ms: number | null | undefined): string {
    if (ms === null || ms === undefined || !Number.isFinite(ms)) return NONE;
    const date = new Date(ms);
    if (Number.isNaN(date.getTime())) return NONE;
    const two = (value: number) => String(value).padStart(2, "0");
    return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

function scaled(value: number, units: [string, number][], step: number): string {
    const size = Math.abs(value);
    if (size === 0) return `0${THIN}${units === TIMES ? "s" : "B"}`;
    let at = 0;
    // 999.96 rounds to what has four digits before the point: that is the next unit's.
    while (at + 1 < units.length && Number((size / (units[at]?.[1] ?? 1)).toPrecision(4)) >= step) at += 1;
    const [name, factor] = units[at] ?? ["", 1];
    return `${value < 0 ? MINUS : ""}${significant(size / factor, 4)}${THIN}${name}`;
}

function plain(value: number): string {
    const size = Math.abs(value);
    if (Number.isInteger(value) && size < 1e15) return formatCount(value);
    return `${value < 0 ? MINUS : ""}${significant(size, 4)}`;
}

function signed(value: number, digits: number): string {
    return `${value < 0 ? MINUS : ""}${Math.abs(value).toFixed(digits)}`;
}

function significant(value: number, digits: number): string {
    if (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6)) {
        const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
        return `${mantissa}e${(exponent ?? "").replace("+", "").replace("-", MINUS)}`;
    }
    const whole = value === 0 ? 1 : Math.floor(Math.log10(Math.abs(value))) + 1;
    return value.toFixed(Math.max(0, whole < 0 ? digits - whole - 1 : digits - Math.max(whole, 1)));
}

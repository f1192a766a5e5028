// Sources as texts and back: UTF-8 where it is, else a byte a character, so that nothing is lost on the way.

export interface Decoded {
    text: string;
    encoding: "utf-8" | "bytes";
}

export function decode(bytes: Uint8Array): Decoded {
    try {
        return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), encoding: "utf-8" };
    } catch {
        const parts: string[] = [];
        for (let from = 0; from < bytes.length; from += 8192)
            parts.push(String.fromCharCode(...bytes.subarray(from, from + 8192)));
        return { text: parts.join(""), encoding: "bytes" };
    }
}

export function encode(decoded: Decoded): Uint8Array {
    if (decoded.encoding === "utf-8") return new TextEncoder().encode(decoded.text);
    const bytes = new Uint8Array(decoded.text.length);
    for (let place = 0; place < bytes.length; place += 1) bytes[place] = decoded.text.charCodeAt(place);
    return bytes;
}

/** Lines without their ends; a last line end begins no further line. */
export function linesOf(text: string): string[] {
    const lines = text.split(/\r\n|\n|\r/);
    if (lines.at(-1) === "") lines.pop();
    return lines;
}

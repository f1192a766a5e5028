// A text in a link: deflated, in letters that a URL takes as they are.

/** Longer links are cut by programs on the way. */
export const MAX_LINK = 6000;

/** Null if it would be too long. */
export async function pack(text: string): Promise<string | null> {
    const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    if ((bytes.length * 4) / 3 > MAX_LINK) return null;
    return btoa(String.fromCharCode(...bytes))
        .replaceAll("+", "-")
        .replaceAll("/", "_")
        .replace(/=+$/, "");
}

/** Null if it is no packed text, or one that grows beyond measure. */
export async function unpack(packed: string, most = 2 ** 21): Promise<string | null> {
    try {
        const bytes = Uint8Array.from(atob(packed.replaceAll("-", "+").replaceAll("_", "/")), (char) =>
            char.charCodeAt(0),
        );
        const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
        const decoder = new TextDecoder("utf-8", { fatal: true });
        let text = "";
        for (;;) {
            const { done, value } = await reader.read();
            if (done) return text + decoder.decode();
            text += decoder.decode(value, { stream: true });
            if (text.length > most) return null;
        }
    } catch {
        return null;
    }
}

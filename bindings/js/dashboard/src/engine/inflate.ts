// Gzip to bytes, by the browser’s own inflater; nothing stays nothing.

export async function inflate(packed: ArrayBuffer): Promise<Uint8Array<ArrayBuffer>> {
    if (packed.byteLength === 0) return new Uint8Array();
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
}

// CRC-32 of texts, as the digests of the vectors have it.
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) {
        value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    }
    return value;
});

/** Eight hex digits for the UTF-8 bytes of a text. */
export function digest(text: string): string {
    let value = 0xffffffff;
    for (const byte of new TextEncoder().encode(text)) {
        value = (value >>> 8) ^ TABLE[(value ^ byte) & 0xff]!;
    }
    return ((value ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0");
}

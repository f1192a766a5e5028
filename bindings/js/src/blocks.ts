// What a source file is made of.
import * as module from "./lightspeed.js";
import { type Content, bytes, text } from "./arguments.js";
import { call } from "./call.js";
import { InputError } from "./errors.js";
import { read } from "./json.js";
import type { FileBlocks } from "./types.js";

/**
 * The blocks of a source file: Go's where `path` ends in `.go`, else Python's, in the encoding that it declares. What cannot be read is no
 * error but a diagnostic; a file of more than 8 MiB is one.
 */
export function blocks(path: string, source: Content): FileBlocks {
    const [name, content] = [text("the path", path), bytes("the source", source)];
    const document = read<{ files: [FileBlocks] }>(call(InputError, () => module.blocks(name, content)));
    return document.files[0];
}

/** The id that git gives these bytes: 40 hex digits. */
export function blobId(content: Content): string {
    const bytes_ = bytes("the content", content);
    return call(InputError, () => module.blob_id(bytes_));
}

// A folder on a port of this machine, as any plain server of files would have it.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const TYPES: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

/** Serves until `close`. */
export async function served(folder: string): Promise<{ url: string; close(): void }> {
    const server = createServer(async (request, response) => {
        const path = normalize(decodeURIComponent(new URL(request.url!, "http://localhost").pathname));
        try {
            const content = await readFile(join(folder, path));
            response
                .writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" })
                .end(content);
        } catch {
            response.writeHead(404).end("it is not there");
        }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

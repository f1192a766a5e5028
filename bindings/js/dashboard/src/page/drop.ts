// What was dropped or chosen: files with their paths, directories walked through, databases told from sources.

export interface Dropped {
    path: string;
    file: File;
}

/** A directory with more files than that is not what anyone changed. */
export const MAX_FILES = 2000;
const SKIPPED = new Set([".git", ".hg", "node_modules", "__pycache__", ".venv", "target"]);

/** Files of a drop. Has to be called while the event is handled. */
export async function droppedFiles(transfer: DataTransfer): Promise<Dropped[]> {
    const entries = Array.from(transfer.items, (item) =>
        item.kind === "file" ? { entry: item.webkitGetAsEntry(), file: item.getAsFile() } : null,
    );
    const found: Dropped[] = [];
    for (const item of entries) {
        if (!item) continue;
        if (item.entry?.isDirectory) await walk(item.entry as FileSystemDirectoryEntry, found);
        else if (item.file) found.push({ path: item.file.name, file: item.file });
    }
    return found;
}

/** Files that were chosen, with the directory they were chosen in where the browser says it. */
export function chosenFiles(list: FileList): Dropped[] {
    return Array.from(list, (file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/** Whether a file is something to open, by its first bytes. */
export async function isSuite(file: File): Promise<boolean> {
    try {
        const head = new TextDecoder("latin1").decode(await file.slice(0, 16).arrayBuffer());
        return head.startsWith("LSSV") || head.startsWith("SQLite format 3");
    } catch {
        return false;
    }
}

async function walk(directory: FileSystemDirectoryEntry, found: Dropped[]): Promise<void> {
    const reader = directory.createReader();
    for (;;) {
        const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
        if (entries.length === 0) return;
        for (const entry of entries) {
            if (found.length >= MAX_FILES) return;
            if (entry.isDirectory) {
                if (!SKIPPED.has(entry.name)) await walk(entry as FileSystemDirectoryEntry, found);
            } else {
                const file = await new Promise<File>((resolve, reject) =>
                    (entry as FileSystemFileEntry).file(resolve, reject),
                );
                found.push({ path: entry.fullPath.replace(/^\//, ""), file });
            }
        }
    }
}

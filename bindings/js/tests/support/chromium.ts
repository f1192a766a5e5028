// The browser that the tests run in: a Chromium of this machine, never a download.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("../../../../scripts/chromium.sh", import.meta.url));

/** How Playwright is to launch it. */
export function launchOptions(): { executablePath: string; args: string[]; headless: true } {
    const executablePath = execFileSync(SCRIPT, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim();
    // Its own sandbox refuses to run as root.
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    return { executablePath, args, headless: true };
}

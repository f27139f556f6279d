import { type SpawnOptions, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { cache } from "../../start/cache.cjs";

/** How a command ended. */
export interface Done {
  readonly code: number;
  readonly stdout: string;
  /** Standard output and standard error, in the order of arrival. */
  readonly output: string;
}

/** Runs a command to its end. */
export function run(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<Done> {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, output] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    output += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  return new Promise((fulfil, reject) => {
    child.once("error", reject);
    child.once("close", (code) => fulfil({ code: code ?? 1, stdout, output }));
  });
}

/** The same, for what must end well. */
export async function must(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<Done> {
  const done = await run(command, args, options);
  if (done.code !== 0)
    throw new Error(`"${[basename(command), ...args].join(" ")}" ended with exit code ${done.code}:\n${done.output}`);
  return done;
}

/**
 * What is made of files once for this user of the machine, and found again by the next run: a folder that only we can write
 * into, since what lies there is run. `make` fills it; what it is made from, and with, names it.
 */
export function made(
  noun: string,
  from: readonly string[],
  using: string,
  make: (folder: string) => Promise<unknown>,
): Promise<string> {
  const ours = cache(homedir());
  if (ours === undefined) throw new Error(`No folder of our own for what is built: ${homedir()}/.cache/pat-rotation`);
  const hash = createHash("sha256").update(using);
  for (const file of from) hash.update(`\0${basename(file)}\0`).update(readFileSync(file));
  const folder = join(ours, "referees", `${noun}-${hash.digest("hex").slice(0, 16)}`);
  const begun = making.get(folder) ?? makeOnce(folder, make);
  making.set(folder, begun);
  return begun;
}

/** What is being made by this process, for two referees that ask at once. */
const making = new Map<string, Promise<string>>();

async function makeOnce(folder: string, make: (folder: string) => Promise<unknown>): Promise<string> {
  if (existsSync(folder)) return folder;
  const aside = `${folder}.${process.pid}`;
  mkdirSync(aside, { recursive: true, mode: 0o700 });
  try {
    await make(aside);
    renameSync(aside, folder);
  } catch (cause) {
    // Another run may have been quicker.
    if (!existsSync(folder)) throw cause;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return folder;
}

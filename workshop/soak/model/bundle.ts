import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { Script } from "node:vm";
import { buildSync } from "esbuild";

const root = resolve(__dirname, "../../..");
const requireFromRoot = createRequire(join(root, "package.json"));

/** What the npm registry has. The packages of the project's own folders are its code, and bundled. */
const installed = Object.entries((requireFromRoot("./package.json") as Manifest).dependencies).flatMap(
  ([name, from]) => (from.startsWith("file:") ? [] : [name]),
);

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

/** What code of the product finds around it in place of Node's own. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string>>;
  readonly fetch: typeof fetch;
  /** How many times faster its pauses and its watch are than the real ones. */
  readonly speed: number;
}

/** A part of the product that is evaluated anew for each run, as a process of its own would. */
export class Bundle {
  readonly #script: Script;

  constructor(entry: string) {
    const { outputFiles } = buildSync({
      entryPoints: [join(root, entry)],
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node20",
      external: installed,
      write: false,
    });
    const text = outputFiles[0]?.text ?? "";
    const names = "require, module, exports, process, fetch, performance, __filename, __dirname";
    this.#script = new Script(`(function (${names}) {${text}\n})`, { filename: join(root, entry) });
  }

  /** Evaluates it; answers what it exports. */
  evaluate<T>({ env, fetch, speed }: Surroundings): T {
    const module = { exports: {} };
    const own = Object.create(process, { env: { value: { ...env } } }) as NodeJS.Process;
    const watch = { now: () => performance.now() * speed };
    const evaluate = this.#script.runInThisContext() as (...all: readonly unknown[]) => void;
    evaluate(fastRequire(speed), module, module.exports, own, fetch, watch, join(root, "index.js"), root);
    return module.exports as T;
  }
}

/** Pauses are shorter; all else is as it is. */
function fastRequire(speed: number): (name: string) => unknown {
  return (name) => {
    const found = requireFromRoot(name) as Record<string, unknown>;
    if (name !== "node:timers/promises") return found;
    const sleep = found.setTimeout as (ms: number, value?: unknown, options?: unknown) => Promise<unknown>;
    return { ...found, setTimeout: (ms = 0, value?: unknown, options?: unknown) => sleep(ms / speed, value, options) };
  };
}

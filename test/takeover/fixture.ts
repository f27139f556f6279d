import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Engine } from "../../engines/engine";

/** How a stack stands when newer code takes it over. */
export const names = [
  /** Both accounts rotated, the old tokens retired. */
  "idle",
  /** The scanner rotated, its old token alive beside the new one. */
  "overlap",
  /** The same, of an account without `proof`. */
  "noProof",
  /** The first run came after the overlap was over by the dates: the adopted token was to be retired from the start. */
  "late",
  /** The scanner's pipeline failed once; its places hold the old token again. */
  "red",
  /** It failed three times. */
  "givenUp",
  /** A plain user's token, rotated once. */
  "self",
  /** `npm run emergency` replaced the scanner's token; its merge request is open. */
  "emergency",
] as const;

/** One of them. */
export type Name = (typeof names)[number];

/** A stack, and the world that it belongs to, as an engine left them. */
export interface Fixture {
  /** What the sandbox held. */
  readonly dump: string;
  /** The state, exported, its secrets encrypted under the sandbox's passphrase. */
  readonly state: string;
  /** The declaration that the stack was made from. */
  readonly settings: string;
  /** The declaration with the edit that is not merged yet. */
  readonly merged?: string;
}

/** Reads a fixture that {@link write} wrote. */
export function read(name: Name, engine: Engine): Fixture {
  const folder = join(__dirname, "fixtures", name);
  const text = (file: string) => readFileSync(join(folder, file), "utf8");
  const packed = gunzipSync(readFileSync(join(folder, packedName(engine)))).toString();
  const { dump, state } = JSON.parse(packed) as { readonly dump: object; readonly state: object };
  return {
    dump: JSON.stringify(dump),
    state: JSON.stringify(state),
    settings: text("settings.yaml"),
    ...(existsSync(join(folder, "merged.yaml")) ? { merged: text("merged.yaml") } : {}),
  };
}

/** Writes a fixture. */
export function write(name: Name, engine: Engine, { dump, state, settings, merged }: Fixture): void {
  const folder = join(__dirname, "fixtures", name);
  mkdirSync(folder, { recursive: true });
  const keep = (file: string, text: string) => writeFileSync(join(folder, file), text);
  const packed = JSON.stringify({ dump: JSON.parse(dump), state: JSON.parse(state, withoutPositions) });
  writeFileSync(join(folder, packedName(engine)), gzipSync(packed, { level: 9 }));
  keep("settings.yaml", settings);
  if (merged !== undefined) keep("merged.yaml", merged);
}

function packedName({ embedded }: Engine): string {
  return embedded ? "embedded.json.gz" : "cli.json.gz";
}

/** The CLI notes where in the program a resource stands: paths of one machine. */
function withoutPositions(key: string, value: unknown): unknown {
  return key === "sourcePosition" || key === "stackTrace" ? undefined : value;
}

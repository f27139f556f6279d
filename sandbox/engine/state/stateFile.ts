import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { filled } from "../values";
import type { Deployment, Operation, ResourceState } from "./deployment";
import type { Serializer } from "./serialize";

/** What a stack's file holds. */
export interface State extends Deployment {
  readonly secrets?: { readonly type: string; readonly state: { readonly salt: string } } | undefined;
}

/** The document that the CLI exports. */
export interface Exported {
  readonly version: number;
  readonly features?: readonly string[];
  readonly deployment?: Latest | undefined;
}

interface Latest {
  readonly secrets_providers?: State["secrets"];
  readonly resources?: Deployment["resources"];
  readonly pending_operations?: Deployment["pending"];
}

/**
 * Declared as a feature of a state that a journal continues. The Pulumi CLI refuses such a state and shows these words; any
 * command of the embedded engine reads both, and its `cancel` makes one of them.
 */
export const unfinished = "a journal beside it (`cancel` of the embedded engine makes one of both)";

// The CLI checks no more than that the sum belongs to the version; it is the engine's whose behaviour is shared.
const version = "3.260.0";
const magic = createHash("sha256").update(version).digest("hex");

/** The journal of a state's file. */
export const journalOf = (path: string): string => path.replace(/\.json$/, ".journal");

/** A line of a journal: what is put under which number, `null` when it leaves. */
export interface Entry {
  readonly resources: Puts<ResourceState>;
  readonly pending: Puts<Operation>;
}

type Puts<T> = readonly (readonly [number: number, item: T | null])[];

/** Does what an entry says to what it is about. */
export function put<T>(items: Map<number, T>, puts: Puts<T>): void {
  for (const [number, item] of puts) item === null ? items.delete(number) : items.set(number, item);
}

/** What is there, in the order of its numbers. */
export const inOrder = <T>(items: ReadonlyMap<number, T>): readonly T[] =>
  [...items].sort(([one], [other]) => one - other).map(([, item]) => item);

/** The text of a file. */
export function stateText(stack: string, state: State, serializer: Serializer, isWhole = true): string {
  const { secrets, resources, pending } = state;
  const head = isWhole ? { version: 3 } : { version: 4, features: [unfinished] };
  const manifest = { time: new Date().toISOString(), magic, version };
  const lists = filled({ resources, pending_operations: pending });
  return serializer.stringify({
    ...head,
    checkpoint: { stack, latest: { manifest, secrets_providers: secrets, metadata: {}, ...lists } },
  });
}

/** What a file holds, with what a journal adds, which the file itself lacks. */
export async function readState(path: string, serializer: Serializer): Promise<State & { readonly lacks: boolean }> {
  const { checkpoint, ...head } = parseFile(await readFile(path, "utf8"), path, serializer);
  const state = accept({ ...head, deployment: checkpoint?.latest }, path);
  if (!head.features?.includes(unfinished)) return { ...state, lacks: false };
  const resources = new Map<number, ResourceState>();
  const pending = new Map<number, Operation>();
  // What follows the last line end was being written when the run was killed: nobody was told that it is kept.
  for (const line of (await readFile(journalOf(path), "utf8")).split("\n").slice(0, -1)) {
    const entry = serializer.parse(line) as Entry;
    put(resources, entry.resources);
    put(pending, entry.pending);
  }
  return { ...state, resources: inOrder(resources), pending: inOrder(pending), lacks: true };
}

function parseFile(text: string, path: string, serializer: Serializer) {
  try {
    return serializer.parse(text) as Omit<Exported, "deployment"> & {
      readonly checkpoint?: { readonly latest?: Latest };
    };
  } catch (cause) {
    const fault = `${path} cannot be read as a state: ${(cause as Error).message}`;
    throw new Error(`${fault}. A copy from before the last run is beside it (.bak)`, { cause });
  }
}

/** The state of an exported document; throws for one that this engine does not know. */
export function accept({ version, features = [], deployment = {} }: Exported, path: string): State {
  const refuse = (what: string) => new Error(`${path} ${what}. Use the Pulumi CLI`);
  if (version !== 3 && version !== 4)
    throw refuse(`holds a deployment of version ${version}; the embedded engine reads 3 and 4`);
  const strange = features.filter((feature) => feature !== unfinished);
  if (strange.length > 0) throw refuse(`uses features that the embedded engine does not know: ${strange.join(", ")}`);
  const { secrets_providers: secrets, resources = [], pending_operations: pending = [] } = deployment;
  if (secrets && secrets.type !== "passphrase")
    throw refuse(`is encrypted by "${secrets.type}"; the embedded engine knows passphrases only`);
  return { secrets, resources, pending };
}

/** Replaces a file so that at every moment, also after a power cut, it holds either all of the old or all of the new. */
export async function writeWhole(path: string, content: string, temporary = `${path}.tmp`): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const mode = (await stat(path).catch(() => undefined))?.mode ?? 0o600;
  // The temporary name is fixed: what a kill leaves behind is overwritten by the next write.
  const file = await open(temporary, "w", mode);
  await file
    .writeFile(content)
    .then(() => file.datasync())
    .finally(() => file.close());
  await rename(temporary, path);
  if (process.platform === "win32") return;
  const names = await open(folder, "r");
  await names.sync().finally(() => names.close());
}

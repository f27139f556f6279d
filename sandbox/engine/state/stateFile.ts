import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
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
export function journalLine(resources: Iterable<PutText>, pending: Iterable<PutText> = []): string {
  const puts = (list: Iterable<PutText>) => [...list].map(([number, text]) => `[${number},${text}]`).join(",");
  return `{"resources":[${puts(resources)}],"pending":[${puts(pending)}]}\n`;
}

/** A number, and the JSON of what is put there. */
export type PutText = readonly [number: number, text: string];

/** The text of a file. */
export function stateText(stack: string, state: State, serializer: Serializer, isWhole = true): string {
  const resources = state.resources.map((resource) => serializer.resource(resource));
  const pending = state.pending.map((operation) => serializer.operation(operation));
  const head = isWhole ? { version: 3 } : { version: 4, features: [unfinished] };
  const manifest = { time: new Date().toISOString(), magic, version };
  const latest = { manifest, ...(state.secrets && { secrets_providers: state.secrets }), metadata: {} };
  const lists = Object.entries({ resources, pending_operations: pending })
    .filter(([, list]) => list.length > 0)
    .map(([name, list]) => `,"${name}":[${list.join(",")}]`);
  return `${inside(head)},"checkpoint":{"stack":${JSON.stringify(stack)},"latest":${inside(latest)}${lists.join("")}}}}`;
}

const inside = (value: object): string => JSON.stringify(value).slice(0, -1);

/** What a file holds, with what a journal adds, which the file itself lacks. */
export async function readState(path: string, serializer: Serializer): Promise<State & { readonly lacks: boolean }> {
  const { checkpoint, ...head } = parseFile(await readFile(path, "utf8"), path, serializer);
  const state = accept({ ...head, deployment: checkpoint?.latest }, path);
  if (!head.features?.includes(unfinished)) return { ...state, lacks: false };
  const journal = await readFile(journalOf(path), "utf8");
  const lists = { resources: new Map<number, ResourceState>(), pending: new Map<number, Operation>() };
  // What follows the last line end was being written when the run was killed: nobody was told that it is kept.
  for (const line of journal.split("\n").slice(0, -1)) {
    const { resources, pending } = serializer.parse(line) as JournalLine;
    for (const [number, state] of resources)
      state ? lists.resources.set(number, state) : lists.resources.delete(number);
    for (const [number, one] of pending) one ? lists.pending.set(number, one) : lists.pending.delete(number);
  }
  const resources = [...lists.resources].sort(([one], [other]) => one - other).map(([, state]) => state);
  return { ...state, resources, pending: [...lists.pending.values()], lacks: true };
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

interface JournalLine {
  readonly resources: readonly (readonly [number, ResourceState | null])[];
  readonly pending: readonly (readonly [number, Operation | null])[];
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

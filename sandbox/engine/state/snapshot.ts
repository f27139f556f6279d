import { createHash, randomInt } from "node:crypto";
import { type Stored, type StoredOperation, stored } from "./serialize";

/** One change of a stack's state, as the journal keeps it. Resources go by number; those of the base are numbered in order. */
export interface Entry {
  /** An operation begins: recorded as pending. */
  readonly begin?: { readonly operation: number; readonly type: StoredOperation["type"]; readonly resource: Stored };
  /** Operations that are no longer pending. */
  readonly end?: readonly number[];
  readonly remove?: readonly number[];
  readonly replace?: readonly (readonly [number, Stored])[];
  /** Joins this run's resources, or takes its place among them when no text is given. */
  readonly add?: readonly [number, Stored?];
}

/** Where in a journal a written state stands: which numbers its resources and operations had. */
export interface Marker {
  readonly time: string;
  readonly run: readonly number[];
  readonly base: readonly number[];
  readonly pending: readonly number[];
}

/** What `Pulumi.<stack>.yaml` and the state share about secrets. */
export interface SecretsProvider {
  readonly type: string;
  readonly state: { readonly salt: string };
}

/** A whole state as it lies in the file. */
export interface Checkpoint {
  readonly time: string;
  readonly secrets: SecretsProvider | undefined;
  readonly resources: readonly Stored[];
  readonly pending: readonly StoredOperation[];
}

/**
 * A state while it changes: the resources of this run in their order, then those of the base that this run has not come
 * to. Both are in an order of dependency, and so is the one after the other.
 */
export class Snapshot {
  private readonly run = new Map<number, Stored>();
  private readonly base = new Map<number, Stored>();
  private readonly pending = new Map<number, StoredOperation>();

  constructor(checkpoint: Pick<Checkpoint, "resources" | "pending">, marker?: Marker) {
    const { resources, pending } = checkpoint;
    const numbers = marker ? [...marker.run, ...marker.base] : resources.map((_, index) => index);
    const fromRun = marker?.run.length ?? 0;
    resources.forEach((resource, index) => {
      (index < fromRun ? this.run : this.base).set(numbers[index] ?? index, resource);
    });
    pending.forEach((operation, index) => {
      this.pending.set(marker?.pending[index] ?? -1 - index, operation);
    });
  }

  /** Takes a change in. */
  apply({ begin, end = [], remove = [], replace = [], add }: Entry): void {
    if (begin) this.pending.set(begin.operation, { type: begin.type, resource: begin.resource });
    for (const operation of end) this.pending.delete(operation);
    for (const [number, resource] of replace) (this.run.has(number) ? this.run : this.base).set(number, resource);
    if (add) {
      const [number, resource = this.run.get(number) ?? this.base.get(number)] = add;
      this.base.delete(number);
      if (resource) this.run.set(number, resource);
    }
    for (const number of remove) {
      this.run.delete(number);
      this.base.delete(number);
    }
  }

  /** Resources by number, dependencies first. */
  get resources(): readonly (readonly [number, Stored])[] {
    return [...this.run, ...this.base];
  }

  /** Operations in flight by number; those of earlier runs have negative numbers. */
  get operations(): readonly (readonly [number, StoredOperation])[] {
    return [...this.pending];
  }

  /** Where in the journal this snapshot stands. */
  marker(time: string): Marker {
    return { time, run: [...this.run.keys()], base: [...this.base.keys()], pending: [...this.pending.keys()] };
  }

  /** The file's text. */
  render(stack: string, secrets: SecretsProvider | undefined, time: string): string {
    const resources = [...this.run.values(), ...this.base.values()];
    const pending = [...this.pending.values()];
    const features = new Set(
      [...resources, ...pending.map(({ resource }) => resource)].flatMap((resource) => resource.features),
    );
    const version = features.size > 0 ? { version: 4, features: [...features].sort() } : { version: 3 };
    const manifest = { time, magic: createHash("sha256").update(engineVersion).digest("hex"), version: engineVersion };
    const latest = [
      `"manifest":${JSON.stringify(manifest)}`,
      ...(secrets ? [`"secrets_providers":${JSON.stringify(secrets)}`] : []),
      ...(resources.length > 0 ? [`"resources":[${resources.map(({ text }) => text).join(",")}]`] : []),
      ...(pending.length > 0 ? [`"pending_operations":[${pending.map(operationText).join(",")}]`] : []),
      '"metadata":{}',
    ];
    return `${JSON.stringify(version).slice(0, -1)},"checkpoint":{"stack":${JSON.stringify(stack)},"latest":{${latest.join(",")}}}}`;
  }
}

/** Reads the text of a state's file. */
export function parseCheckpoint(text: string, path: string): Checkpoint {
  const { version, features = [], checkpoint } = parseJson(text, path) as VersionedCheckpoint;
  if (version !== 3 && version !== 4) {
    throw new Error(
      `${path} holds a deployment of version ${version}; the embedded engine reads 3 and 4. Use the Pulumi CLI`,
    );
  }
  const strange = features.filter((feature) => !knownFeatures.includes(feature));
  if (strange.length > 0) {
    throw new Error(
      `${path} uses features that the embedded engine does not know: ${strange.join(", ")}. Use the Pulumi CLI`,
    );
  }
  const latest = checkpoint?.latest ?? {};
  const secrets = latest.secrets_providers;
  if (secrets && secrets.type !== "passphrase") {
    throw new Error(
      `${path} is encrypted by "${secrets.type}"; the embedded engine knows passphrases only. Use the Pulumi CLI`,
    );
  }
  return {
    time: latest.manifest?.time ?? "",
    secrets,
    resources: (latest.resources ?? []).map(stored),
    pending: (latest.pending_operations ?? []).map(({ type, resource }) => ({ type, resource: stored(resource) })),
  };
}

/** A time that no other write of a state bears: it tells a journal which of them it continues. */
export function uniqueTime(): string {
  const nanoseconds = String(randomInt(1_000_000)).padStart(6, "0");
  return new Date().toISOString().replace("Z", `${nanoseconds}Z`);
}

interface VersionedCheckpoint {
  readonly version: number;
  readonly features?: readonly string[];
  readonly checkpoint?: {
    readonly latest?: {
      readonly manifest?: { readonly time?: string };
      readonly secrets_providers?: SecretsProvider;
      readonly resources?: readonly unknown[];
      readonly pending_operations?: readonly { readonly type: StoredOperation["type"]; readonly resource: unknown }[];
    };
  };
}

// The CLI checks no more than that the sum belongs to the version; it is the engine's whose behaviour is shared.
const engineVersion = "3.260.0";
const knownFeatures = ["refreshBeforeUpdate", "views", "hooks", "taint", "replaceWith"];

function operationText({ type, resource }: StoredOperation): string {
  return `{"resource":${resource.text},"type":${JSON.stringify(type)}}`;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(
      `${path} is not a whole JSON document: ${(cause as Error).message}. A copy from before the last run is beside it (.bak)`,
      {
        cause,
      },
    );
  }
}

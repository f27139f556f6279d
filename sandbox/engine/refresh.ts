import type { Base } from "./base";
import { needs, rewired } from "./graph";
import type { Change, Diff } from "./operations";
import { InitFailed } from "./operations";
import type { Registry } from "./registry";
import type { ResourceState } from "./state/deployment";
import type { Session } from "./state/session";
import type { Events } from "./step";
import type { Targets } from "./targets";
import { isProviderType } from "./urn";
import { equal } from "./values";

/** What a refresh works with. */
export interface RefreshOptions {
  readonly registry: Registry;
  readonly events: Events;
  readonly preview: boolean;
  readonly targets: Targets;
  readonly targetDependents: boolean;
  readonly base: Base;
  /** Forget creates that an earlier run did not come to the end of; the person has seen to them. */
  readonly clearPendingCreates: boolean;
  readonly session?: Session;
  /** Runs work beside other work, as much at a time as the run may. */
  readonly limit: <T>(work: () => Promise<T>) => Promise<T>;
}

/** What came of a refresh. */
export interface Refreshed {
  readonly failed: boolean;
}

/** Reads every resource of the state, or those meant, and makes the state say what was found. One that cannot be read stays. */
export async function refresh(options: RefreshOptions): Promise<Refreshed> {
  const { registry, events, base, session, targets, targetDependents, limit } = options;
  const meant = base.resources.filter((state) => {
    const included = targets.has(state.urn) || (targetDependents && [...needs(state)].some((urn) => targets.has(urn)));
    if (targets.named && included) targets.add(state.urn);
    return !targets.named || included;
  });
  let failed = false;
  const vanished: ResourceState[] = [];
  const changed: Array<readonly [ResourceState, ResourceState]> = [];
  const providers = (urn: string) => base.find(urn);
  await Promise.all(
    meant.map((state) =>
      limit(async () => {
        if (!state.custom || isProviderType(state.type) || state.pendingReplacement) {
          events.refreshed(state, state, undefined);
          return;
        }
        events.begin({ op: "refresh", urn: state.urn, old: state, next: state });
        try {
          const found = await read(registry, providers, state, events);
          if (found === undefined) vanished.push(state);
          else if (found.state !== state) changed.push([state, found.state]);
          events.refreshed(state, found?.state, found?.diff);
        } catch (error) {
          failed = true;
          events.message("error", error instanceof Error ? error.message : String(error), state.urn);
          events.end({ op: "refresh", urn: state.urn, old: state }, undefined, true);
        }
      }),
    ),
  );
  const gone = new Set(vanished);
  const after = new Map(changed);
  const stays = base.resources.filter((state) => !gone.has(state));
  const urns = new Set(stays.map(({ urn }) => urn));
  const parents = new Map(vanished.flatMap(({ urn, parent }) => (urns.has(urn) ? [] : [[urn, parent] as const])));
  const there = (urn: string) => (parents.has(urn) ? undefined : urn);
  // A child of a parent that is gone becomes the grandparent's.
  const above = (urn: string): string | undefined => {
    const next = parents.get(urn);
    return parents.has(urn) ? next && above(next) : urn;
  };
  const replace = stays.map((state) => [state, rewired(after.get(state) ?? state, there, above)] as const);
  await session?.change({ remove: vanished, replace: replace.filter(([before, now]) => before !== now) });
  await session?.settle(({ type }) => type === "creating" && !options.clearPendingCreates);
  base.reset(replace.map(([, now]) => now));
  return { failed };
}

async function read(
  registry: Registry,
  find: (urn: string) => ResourceState | undefined,
  state: ResourceState,
  events: Events,
) {
  const provider = await registry.ensure(state.provider ?? "", find);
  const { urn, id = "", inputs = {}, outputs = {} } = state;
  const made = await provider
    .read({ urn, id, inputs, outputs }, 0)
    .then((answer) => answer && { ...answer, reasons: [] as readonly string[] })
    .catch((error: unknown) => {
      if (!(error instanceof InitFailed)) throw error;
      events.message("warning", `Refreshed resource is in an unhealthy state:\n* ${error.reasons.join("\n* ")}`, urn);
      return { ...error.made, reasons: error.reasons };
    });
  if (made === undefined) return undefined;
  const now = { inputs: made.inputs ?? inputs, outputs: made.outputs };
  const moved = !equal(now.inputs, inputs) || !equal(now.outputs, outputs) || made.id !== id;
  const { initErrors = [], ...rest } = state;
  const next: ResourceState = {
    ...rest,
    ...now,
    id: made.id,
    ...(made.reasons.length > 0 && { initErrors: made.reasons }),
    ...(moved && { modified: new Date().toISOString() }),
  };
  const same = !moved && equal([...initErrors], [...made.reasons]);
  if (state.external) return { state: same ? state : next, diff: undefined };
  // What an update would do right now, turned round: what the world did to the resource.
  const diff = await provider.diff({ urn, id: made.id, ...now }, inputs, state.ignoreChanges ?? []);
  return {
    state: same ? state : next,
    diff: inverted({ ...diff, changes: diff.changes ?? !equal(now.inputs, inputs) }),
  };
}

function inverted(diff: Diff): Diff {
  const opposite = (kind: Change["kind"]) =>
    kind.replace(/add|delete/, (word) => (word === "add" ? "delete" : "add")) as Change["kind"];
  const detailed = Object.entries(diff.detailed ?? {}).map(([path, change]) => [
    path,
    { ...change, kind: opposite(change.kind) },
  ]);
  return { ...diff, ...(diff.detailed && { detailed: Object.fromEntries(detailed) }) };
}

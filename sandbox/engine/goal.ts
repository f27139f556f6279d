import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { SourcePosition } from "@pulumi/pulumi/proto/source_pb";
import type { ResourceState, Values } from "./state/deployment";
import { filled, fromStruct, known } from "./values";

/** A name that a resource had before: a whole URN, or what of it was different. */
export interface FormerName {
  readonly urn?: string;
  readonly name?: string;
  readonly type?: string;
  readonly stack?: string;
  readonly project?: string;
  readonly parent?: string;
  readonly noParent?: boolean;
}

/** When a hook of the program is called. */
export type HookKind = "beforeCreate" | "afterCreate" | "beforeUpdate" | "afterUpdate" | "beforeDelete" | "afterDelete";

/** A resource as the program wants it: what of its state the program says, in the state's own words. */
export interface Goal
  extends Omit<ResourceState, "urn" | "id" | "outputs" | "aliases" | "delete" | "initErrors" | "created" | "modified"> {
  readonly name: string;
  readonly inputs: Values;
  readonly deleteBeforeReplace?: boolean;
  readonly aliases: readonly FormerName[];
}

/** A goal without options. */
export const bareGoal = (type: string, name: string, custom: boolean): Goal => ({
  type,
  name,
  custom,
  inputs: {},
  aliases: [],
});

/** The goal in a registration. Its provider is not resolved yet. */
export function readGoal(request: RegisterResourceRequest, directory: string): Goal {
  const inputs = fromStruct(request.getObject());
  const dependencies = unique(request.getDependenciesList());
  const byProperty = new Map<string, readonly string[]>();
  request.getPropertydependenciesMap().forEach((urns, key) => {
    byProperty.set(key, unique(urns.getUrnsList()));
  });
  const properties = new Set([...Object.keys(inputs), ...byProperty.keys()]);
  const ofProperty = (key: string) => (byProperty.size > 0 ? (byProperty.get(key) ?? []) : dependencies);
  const timeouts = request.getCustomtimeouts();
  const hooks = request.getHooks();
  const replaces = request.getDeletebeforereplace();
  const optional = {
    parent: request.getParent() || undefined,
    protect: request.hasProtect() ? request.getProtect() : undefined,
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
    deletedWith: request.getDeletedwith() || undefined,
    deleteBeforeReplace: request.getDeletebeforereplacedefined() || replaces ? replaces : undefined,
    importID: request.getImportid() || undefined,
    sourcePosition: place(request.getSourceposition(), directory),
  };
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    inputs,
    dependencies,
    propertyDependencies: Object.fromEntries([...properties].map((key) => [key, ofProperty(key)])),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    hideDiff: request.getHidediffsList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: [...request.getAliasurnsList().map((urn) => ({ urn })), ...request.getAliasesList().map(readAlias)],
    customTimeouts: filled({
      create: seconds(timeouts?.getCreate()),
      update: seconds(timeouts?.getUpdate()),
      delete: seconds(timeouts?.getDelete()),
    }),
    resourceHooks: filled({
      beforeCreate: hooks?.getBeforeCreateList() ?? [],
      afterCreate: hooks?.getAfterCreateList() ?? [],
      beforeUpdate: hooks?.getBeforeUpdateList() ?? [],
      afterUpdate: hooks?.getAfterUpdateList() ?? [],
      beforeDelete: hooks?.getBeforeDeleteList() ?? [],
      afterDelete: hooks?.getAfterDeleteList() ?? [],
    }),
    ...known(optional),
  };
}

const unique = (urns: readonly string[]): readonly string[] => [...new Set(urns)].sort();

function readAlias(alias: Alias): FormerName {
  const spec = alias.getSpec();
  if (spec === undefined) return { urn: alias.getUrn() };
  return known({
    name: spec.getName() || undefined,
    type: spec.getType() || undefined,
    stack: spec.getStack() || undefined,
    project: spec.getProject() || undefined,
    parent: spec.getParenturn() || undefined,
    noParent: spec.getNoparent() || undefined,
  });
}

/** A duration such as `1h30m`, in seconds. */
function seconds(duration = ""): number {
  const units: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 0.001 };
  return [...duration.matchAll(/([\d.]+)(h|ms|m|s)/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? "s"] ?? 1),
    0,
  );
}

/** Where in the program it is declared, as `project:///index.ts#12,3`. */
export function place(position: SourcePosition | undefined, directory: string): string | undefined {
  if (position === undefined || !position.getUri().startsWith("file:")) return undefined;
  const column = position.getColumn() === 0 ? "" : `,${position.getColumn()}`;
  return `project:///${relative(directory, fileURLToPath(position.getUri()))}#${position.getLine()}${column}`;
}

/** The state that a goal asks for, before anything was done. */
export function wanted(
  { name: _, deleteBeforeReplace: __, ...goal }: Goal,
  urn: string,
  old: ResourceState | undefined,
  formerUrn: string | undefined,
): ResourceState {
  const { custom, type } = goal;
  const aliases = formerUrn === undefined ? [] : [formerUrn];
  return { ...filled({ ...goal, aliases, created: old?.created, modified: old?.modified }), urn, custom, type };
}

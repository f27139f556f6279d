import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { SourcePosition } from "@pulumi/pulumi/proto/source_pb";
import type { ResourceState, Values } from "./state/deployment";
import { fromStruct, known } from "./values";

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

/** A resource as the program wants it. */
export interface Goal {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly inputs: Values;
  readonly parent?: string;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** `<urn>::<id>`. */
  readonly provider?: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly deletedWith?: string;
  readonly deleteBeforeReplace?: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly hideDiff: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  readonly aliases: readonly FormerName[];
  /** Take over the thing with this id. */
  readonly importId?: string;
  readonly timeouts?: Readonly<Record<"create" | "update" | "delete", number>>;
  readonly hooks: Readonly<Partial<Record<HookKind, readonly string[]>>>;
  readonly sourcePosition?: string;
}

/** A goal without options. */
export const bareGoal = (type: string, name: string, custom: boolean): Goal => ({
  type,
  name,
  custom,
  inputs: {},
  dependencies: [],
  propertyDependencies: {},
  ignoreChanges: [],
  replaceOnChanges: [],
  hideDiff: [],
  additionalSecretOutputs: [],
  aliases: [],
  hooks: {},
});

/** The goal in a registration. Its provider is not resolved yet. */
export function readGoal(request: RegisterResourceRequest, directory: string): Goal {
  const inputs = fromStruct(request.getObject());
  const dependencies = request.getDependenciesList();
  const byProperty: Record<string, readonly string[]> = {};
  request.getPropertydependenciesMap().forEach((urns, key) => {
    byProperty[key] = unique(urns.getUrnsList());
  });
  const timeouts = request.getCustomtimeouts();
  const hooks = request.getHooks();
  const optional = {
    parent: request.getParent() || undefined,
    protect: request.hasProtect() ? request.getProtect() : undefined,
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
    deletedWith: request.getDeletedwith() || undefined,
    deleteBeforeReplace:
      request.getDeletebeforereplacedefined() || request.getDeletebeforereplace()
        ? request.getDeletebeforereplace()
        : undefined,
    importId: request.getImportid() || undefined,
    timeouts: timeouts && {
      create: seconds(timeouts.getCreate()),
      update: seconds(timeouts.getUpdate()),
      delete: seconds(timeouts.getDelete()),
    },
    sourcePosition: place(request.getSourceposition(), directory),
  };
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    inputs,
    dependencies: unique(dependencies),
    propertyDependencies: Object.fromEntries(
      [...new Set([...Object.keys(inputs), ...Object.keys(byProperty)])].map((key) => [
        key,
        Object.keys(byProperty).length > 0 ? (byProperty[key] ?? []) : unique(dependencies),
      ]),
    ),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    hideDiff: request.getHidediffsList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: [...request.getAliasurnsList().map((urn) => ({ urn })), ...request.getAliasesList().map(readAlias)],
    hooks: {
      ...named("beforeCreate", hooks?.getBeforeCreateList()),
      ...named("afterCreate", hooks?.getAfterCreateList()),
      ...named("beforeUpdate", hooks?.getBeforeUpdateList()),
      ...named("afterUpdate", hooks?.getAfterUpdateList()),
      ...named("beforeDelete", hooks?.getBeforeDeleteList()),
      ...named("afterDelete", hooks?.getAfterDeleteList()),
    },
    ...known(optional),
  };
}

const unique = (urns: readonly string[]): readonly string[] => [...new Set(urns)].sort();

const named = (kind: HookKind, names: readonly string[] | undefined) =>
  names === undefined || names.length === 0 ? {} : { [kind]: names };

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
function seconds(duration: string): number {
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
  goal: Goal,
  urn: string,
  old: ResourceState | undefined,
  formerUrn: string | undefined,
): ResourceState {
  const list = <T>(items: readonly T[]) => (items.length === 0 ? undefined : items);
  const some = <T extends object>(fields: T | undefined) =>
    fields === undefined || Object.keys(fields).length === 0 ? undefined : fields;
  return {
    urn,
    custom: goal.custom,
    type: goal.type,
    ...known({
      inputs: goal.inputs,
      parent: goal.parent,
      protect: goal.protect || undefined,
      dependencies: list(goal.dependencies),
      provider: goal.provider,
      propertyDependencies: some(goal.propertyDependencies),
      additionalSecretOutputs: list(goal.additionalSecretOutputs),
      aliases: formerUrn === undefined ? undefined : [formerUrn],
      customTimeouts: some(Object.fromEntries(Object.entries(goal.timeouts ?? {}).filter(([, given]) => given > 0))),
      importID: goal.importId,
      retainOnDelete: goal.retainOnDelete || undefined,
      deletedWith: goal.deletedWith,
      created: old?.created,
      modified: old?.modified,
      sourcePosition: goal.sourcePosition,
      ignoreChanges: list(goal.ignoreChanges),
      hideDiff: list(goal.hideDiff),
      replaceOnChanges: list(goal.replaceOnChanges),
      resourceHooks: some(goal.hooks),
    }),
  };
}

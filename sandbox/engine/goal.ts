import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { ResourceState, Values } from "./state/deployment";
import { isProviderType } from "./urn";
import { filled, fromStruct, known } from "./values";
import { Refused } from "./wire";

/** Of a resource's state, what the program says. */
type Said = "type" | "custom" | "parent" | "provider" | "dependencies" | "propertyDependencies" | "sourcePosition";
type Options =
  | "protect"
  | "retainOnDelete"
  | "ignoreChanges"
  | "replaceOnChanges"
  | "additionalSecretOutputs"
  | "importID";

/** A resource as the program wants it. */
export interface Goal extends Pick<ResourceState, Said | Options> {
  readonly name: string;
  readonly inputs: Values;
  readonly deleteBeforeReplace?: boolean;
  /** URNs that it may have had before. */
  readonly aliases?: readonly string[];
}

/** The goal in a registration; its provider is still to be found. Refuses what this engine would not do. */
export function readGoal(request: RegisterResourceRequest, directory: string): Goal {
  const { type, name, custom, parent, protect, retainondelete, importid, ...rest } = request.toObject();
  const refused = {
    "remote components": rest.remote,
    "programs that know no secrets": !rest.acceptsecrets,
    "providers that a program makes itself":
      rest.provider !== "" || isProviderType(type) || rest.providersMap.length > 0,
    "parameterized packages and plugin downloads": rest.packageref + rest.plugindownloadurl !== "",
    deletedWith: rest.deletedwith !== "",
    customTimeouts: Object.values(rest.customtimeouts ?? {}).some((timeout) => timeout !== ""),
    hideDiffs: rest.hidediffsList.length > 0,
    hooks: Object.values(rest.hooks ?? {}).some((names) => names.length > 0),
    "replacement triggers and replaceWith": rest.replacementTrigger !== undefined || rest.replaceWithList.length > 0,
    "state migrations": rest.stateMigrationsList.length > 0,
    transforms: rest.transformsList.length > 0,
  };
  for (const [what, found] of Object.entries(refused)) if (found) throw new Refused(`${what} ("${name}")`);
  const inputs = fromStruct(request.getObject());
  const dependencies = unique(rest.dependenciesList);
  const byProperty = new Map(rest.propertydependenciesMap.map(([key, { urnsList }]) => [key, unique(urnsList)]));
  const ofProperty = (key: string) => (byProperty.size > 0 ? (byProperty.get(key) ?? []) : dependencies);
  const { uri = "", line, column } = rest.sourceposition ?? {};
  const place = uri.startsWith("file:") ? relative(directory, fileURLToPath(uri)) : undefined;
  return {
    type,
    name,
    custom,
    inputs,
    dependencies,
    propertyDependencies: Object.fromEntries(
      [...new Set([...Object.keys(inputs), ...byProperty.keys()])].map((key) => [key, ofProperty(key)]),
    ),
    ignoreChanges: rest.ignorechangesList,
    replaceOnChanges: rest.replaceonchangesList,
    additionalSecretOutputs: rest.additionalsecretoutputsList,
    aliases: rest.aliasurnsList,
    ...known({
      parent: parent || undefined,
      protect,
      retainOnDelete: retainondelete,
      deleteBeforeReplace: rest.deletebeforereplacedefined ? rest.deletebeforereplace : undefined,
      importID: importid || undefined,
      sourcePosition: place && `project:///${place}#${line}${column ? `,${column}` : ""}`,
    }),
  };
}

const unique = (urns: readonly string[]): readonly string[] => [...new Set(urns)].sort();

/** The state that a goal asks for, before anything was done. */
export function wanted(goal: Goal, urn: string, old: ResourceState | undefined, former?: string): ResourceState {
  const { name: _, deleteBeforeReplace: __, ...rest } = goal;
  const { type, custom } = goal;
  const aliases = former === undefined ? [] : [former];
  return { ...filled({ ...rest, aliases, created: old?.created, modified: old?.modified }), urn, custom, type };
}

import type { Alias as AliasMessage } from "@pulumi/pulumi/proto/alias_pb";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { Run } from "../run";
import type { ResourceState } from "../state/deployment";
import { isProviderType, makeUrn } from "../urn";
import { fromStruct } from "../values";
import { Refused } from "../wire";

/** A resource as the program wants it: the state that it asks for, and how to come to it. */
export interface Goal extends ResourceState {
  readonly deleteBeforeReplace?: boolean | undefined;
  /** What it may have been before. */
  readonly formerly?: readonly Alias[];
}

/** Of a registration, what this engine would not heed. */
const unheeded = [
  ...(["remote", "provider", "providersMap", "packageref", "plugindownloadurl", "deletedwith", "hooks"] as const),
  ...(["customtimeouts", "hidediffsList", "replaceWithList", "replacementTrigger", "stateMigrationsList"] as const),
  ...(["transformsList", "envvarmappingsMap"] as const),
];

const isEmpty = (value: unknown): boolean =>
  !value || (typeof value === "object" && Object.values(value).every(isEmpty));

/** The goal in a registration; its provider is still to be found. */
export function readGoal(request: RegisterResourceRequest, { stack, project }: Run): Goal {
  const fields = request.toObject();
  const { type, name, custom, parent, protect } = fields;
  const option = unheeded.find((field) => !isEmpty(fields[field]));
  if (option !== undefined) throw new Refused(`"${option.replace(/List$|Map$/, "")}" of a resource ("${name}")`);
  if (isProviderType(type)) throw new Refused(`providers that a program makes itself ("${name}")`);
  const path = [...fields.ignorechangesList, ...fields.replaceonchangesList].find((path) => /[.["*]/.test(path));
  if (path !== undefined) throw new Refused(`the property path "${path}" ("${name}")`);
  const inputs = fromStruct(request.getObject());
  const dependencies = unique(fields.dependenciesList);
  const byProperty = new Map(fields.propertydependenciesMap.map(([key, { urnsList }]) => [key, unique(urnsList)]));
  const ofProperty = (key: string) => (byProperty.size > 0 ? (byProperty.get(key) ?? []) : dependencies);
  const keys = new Set([...Object.keys(inputs), ...byProperty.keys()]);
  return {
    ...{ urn: makeUrn(stack, project.name, parent, type, name), type, custom, protect, inputs, dependencies },
    parent: parent || undefined,
    propertyDependencies: Object.fromEntries([...keys].map((key) => [key, ofProperty(key)])),
    ignoreChanges: fields.ignorechangesList,
    replaceOnChanges: fields.replaceonchangesList,
    additionalSecretOutputs: fields.additionalsecretoutputsList,
    importID: fields.importid || undefined,
    formerly: [...fields.aliasurnsList, ...fields.aliasesList.map(readAlias)],
    retainOnDelete: fields.retainondelete,
    deleteBeforeReplace: fields.deletebeforereplacedefined ? fields.deletebeforereplace : undefined,
  };
}

function readAlias({ urn, spec }: AliasMessage.AsObject): Alias {
  if (spec === undefined) return urn;
  const { name, type, stack, project, parenturn: parent, noparent: isRoot } = spec;
  return { name, type, stack, project, parent, isRoot };
}

const unique = (urns: readonly string[]): readonly string[] => [...new Set(urns)].sort();
/** What a resource was before: its URN, or what of it was another. */

export type Alias =
  | string
  | Readonly<Partial<Record<"name" | "type" | "stack" | "project" | "parent", string>> & { isRoot?: boolean }>;

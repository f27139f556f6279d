import * as gitlab from "@pulumi/gitlab";
import type * as pulumi from "@pulumi/pulumi";
import type { Maker } from "../making";
import { type VariableDeclaration, variable } from "./declared";

/** A variable of a project, of a group or of the instance. */
export const madeVariable: Maker<VariableDeclaration> = (target, name, { token }, _account, options) => {
  const { project: _project, group: _group, instance: _, ...attributes } = target;
  const { title: _title, ...place } = variable.of(target).place;
  return { resource: resourceOf(target, name, { ...attributes, value: token }, options), place };
};

function resourceOf(
  { project, group }: VariableDeclaration,
  name: string,
  args: Omit<gitlab.ProjectVariableArgs, "project">,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  if (project !== undefined) return new gitlab.ProjectVariable(name, { ...args, project }, options);
  if (group !== undefined) return new gitlab.GroupVariable(name, { ...args, group }, options);
  // One of the instance has no scope and is never hidden.
  const { environmentScope: _scope, hidden: _hidden, ...rest } = args;
  return new gitlab.InstanceVariable(name, rest, options);
}

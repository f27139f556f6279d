import type { Context } from "hono";
import { page } from "../answers/page";
import { Parameters } from "../answers/parameters";
import { accessOf, type Part, segment } from "../answers/part";
import { invalidModel, notFound, Refusal } from "../answers/refusal";
import type { Env } from "../caller";
import type { Variable } from "../records";

/** CI/CD variables of projects, groups and the instance. */
export function variableRoutes(part: Part): void {
  variables(part, {
    base: "/projects/:id/variables",
    missing: "Variable",
    scoped: true,
    of: (context) => {
      const access = accessOf(part, context);
      const project = access.project(segment(context, "id"));
      access.demand(project, "maintainer");
      return project.variables;
    },
  });
  variables(part, {
    base: "/groups/:id/variables",
    missing: "GroupVariable",
    scoped: true,
    of: (context) => {
      const access = accessOf(part, context);
      const group = access.group(segment(context, "id"));
      access.demand(group, "owner");
      return group.variables;
    },
  });
  variables(part, {
    base: "/admin/ci/variables",
    missing: "InstanceVariable",
    scoped: false,
    of: (context) => {
      accessOf(part, context).admin();
      return part.state.instanceVariables;
    },
  });
}

interface Place {
  readonly base: string;
  /** What a 404 calls it. */
  readonly missing: string;
  /** Whether environment scopes and hiding exist here. */
  readonly scoped: boolean;
  readonly of: (context: Context<Env>) => Variable[];
}

function variables(part: Part, place: Place): void {
  const { app } = part;
  const render = place.scoped ? part.render.variable : part.render.instanceVariable;

  app.get(place.base, async (context) => page(context, await Parameters.of(context), place.of(context), render));

  app.get(`${place.base}/:key`, async (context) => {
    const all = place.of(context);
    return context.json(render(one(all, segment(context, "key"), place, await Parameters.of(context))));
  });

  app.post(place.base, async (context) => {
    const all = place.of(context);
    const parameters = await Parameters.of(context);
    const key = parameters.required("key").trim();
    const value = parameters.required("value");
    const hidden = place.scoped && (parameters.boolean("masked_and_hidden") ?? false);
    const variable: Variable = {
      key,
      value,
      environmentScope: (place.scoped ? parameters.string("environment_scope") : undefined) ?? "*",
      protected: parameters.boolean("protected") ?? false,
      masked: hidden || (parameters.boolean("masked") ?? false),
      hidden,
      raw: parameters.boolean("raw") ?? false,
      variableType: parameters.oneOf("variable_type", ["env_var", "file"]) ?? "env_var",
      description: parameters.string("description") ?? null,
    };
    parameters.check();
    const faults = faultsOf(variable, place);
    const taken = all.some((other) => other.key === key && other.environmentScope === variable.environmentScope);
    if (taken) faults.key = [`(${key}) has already been taken`];
    if (Object.keys(faults).length > 0) throw invalidModel(faults);
    all.push(variable);
    return context.json(render(variable), 201);
  });

  app.put(`${place.base}/:key`, async (context) => {
    const all = place.of(context);
    const parameters = await Parameters.of(context);
    const variable = one(all, segment(context, "key"), place, parameters);
    const changed: Variable = {
      ...variable,
      value: parameters.string("value") ?? variable.value,
      environmentScope:
        (place.scoped ? parameters.string("environment_scope") : undefined) ?? variable.environmentScope,
      protected: parameters.boolean("protected") ?? variable.protected,
      masked: parameters.boolean("masked") ?? variable.masked,
      raw: parameters.boolean("raw") ?? variable.raw,
      variableType: parameters.oneOf("variable_type", ["env_var", "file"]) ?? variable.variableType,
      description: parameters.string("description") ?? variable.description,
    };
    const wantsHidden = parameters.boolean("masked_and_hidden") ?? parameters.boolean("hidden") ?? false;
    parameters.check();
    if (wantsHidden && !variable.hidden) {
      throw invalidModel({ base: ["Only new variables can be set as masked and hidden."] });
    }
    if (variable.hidden && changed.masked !== variable.masked) {
      throw invalidModel({ base: ["The visibility setting cannot be changed for masked and hidden variables."] });
    }
    const faults = faultsOf(changed, place);
    const taken = all.some(
      (other) => other !== variable && other.key === changed.key && other.environmentScope === changed.environmentScope,
    );
    if (taken) faults.key = [`(${changed.key}) has already been taken`];
    if (Object.keys(faults).length > 0) throw invalidModel(faults);
    Object.assign(variable, changed);
    return context.json(render(variable));
  });

  app.delete(`${place.base}/:key`, async (context) => {
    const all = place.of(context);
    const variable = one(all, segment(context, "key"), place, await Parameters.of(context));
    all.splice(all.indexOf(variable), 1);
    return context.body(null, 204);
  });
}

/** The variable of that key; `filter[environment_scope]` selects among several, by its exact text. */
function one(all: readonly Variable[], key: string, place: Place, parameters: Parameters): Variable {
  const scope = place.scoped ? parameters.string("filter[environment_scope]") : undefined;
  const found = all.filter(
    (variable) => variable.key === key && (scope ?? variable.environmentScope) === variable.environmentScope,
  );
  const [variable] = found;
  if (!variable) throw notFound(place.missing);
  if (found.length > 1) {
    throw new Refusal(409, {
      message: "There are multiple variables with provided parameters. Please use 'filter[environment_scope]'",
    });
  }
  return variable;
}

function faultsOf(variable: Variable, place: Place): Record<string, string[]> {
  const faults: Record<string, string[]> = {};
  if (!/^[A-Za-z0-9_]{1,255}$/.test(variable.key)) faults.key = ["can contain only letters, digits and '_'."];
  const maskable = variable.raw ? /^\S{8,}$/ : /^[a-zA-Z0-9_+=/@:.~-]{8,}$/;
  if (variable.masked && !maskable.test(variable.value)) faults.value = ["is invalid"];
  if (!place.scoped && variable.value.length > 10_000) {
    faults.value = ["The value of the provided variable exceeds the 10000 character limit"];
  }
  return faults;
}

import type { Consumer, VariableTarget } from "../../contract/types/places";
import { isBelow } from "../../ground/below";
import { type Raw, record } from "../../ground/raw";
import { type Fault, foundText, oneOf } from "../../rotation/declaration/faults";
import { block, choice, flag, group, list, project, sentence, text, yes } from "../../rotation/declaration/form";
import { shapes } from "../../rotation/declaration/shapes";
import { type DeclaredPlace, longName, type PlaceKind, together } from "../kind";

/**
 * A CI/CD variable of a project, of a group or of the instance. Exactly one of `project`, `group` and `instance`. Attributes
 * left out are kept.
 */
export interface VariableDeclaration {
  /** Full path of the project. */
  readonly project?: string;
  /** Full path of the group. */
  readonly group?: string;
  /** A variable of a self-managed instance, with an administrator's credential. It has no `environmentScope` and no `hidden`. */
  readonly instance?: true;
  /** Letters, digits and `_`; at most 255 characters. */
  readonly key: string;
  /** GitLab's environment scope. @default "*" */
  readonly environmentScope: string;
  /** Only for protected branches and tags. @default as it is; GitLab's default for a new one */
  readonly protected?: boolean;
  /** Masked in job logs. @default as it is; GitLab's default for a new one */
  readonly masked?: boolean;
  /** Hidden in GitLab for good; only for a variable that does not exist yet. @default as it is */
  readonly hidden?: boolean;
  /** `$` is not expanded. @default as it is; GitLab's default for a new one */
  readonly raw?: boolean;
  /** Whether jobs see a value or a file. @default as it is; GitLab's default for a new one */
  readonly variableType?: "env_var" | "file";
}

/** Whose a variable is: one of these. */
const ways = ["project", "group", "instance"] as const;

/** A GitLab CI/CD variable. */
export const variable: PlaceKind<VariableTarget> = {
  kind: "variable",
  input: "variables",
  isVault: false,
  isInJobs: true,
  written: list(
    block({
      project: project.exactOptional(),
      group: group.exactOptional(),
      instance: yes.exactOptional(),
      key: text("1 to 255 letters, digits or underscores", /^\w{1,255}$/),
      environmentScope: sentence.default("*"),
      protected: flag.exactOptional(),
      masked: flag.exactOptional(),
      hidden: flag.exactOptional(),
      raw: flag.exactOptional(),
      variableType: choice("env_var", "file").exactOptional(),
    }).register(shapes, { one: ways }),
    "blocks with project, group or instance, and key",
  ),
  faults,
  key,
  spelt: ({ project, group, key, environmentScope }) => [
    ...(project === undefined ? (group === undefined ? ["instance"] : [group, "group"]) : [project, "project"]),
    key,
    environmentScope ?? "*",
  ],
  title,
  of,
};

function faults(written: unknown, path: string): readonly Fault[] {
  const raw = record(written);
  const visible = String(raw.hidden) === "true" && String(raw.masked) === "false";
  return [
    ...oneOf(written, ways, path),
    ...["environmentScope", "hidden"].flatMap((name) =>
      raw.instance === undefined || raw[name] === undefined
        ? []
        : [
            {
              path: `${path}.${name}`,
              found: foundText(raw[name]),
              expected: "nothing: variables of the instance have none",
            },
          ],
    ),
    ...(visible
      ? [{ path: `${path}.masked`, found: "false", expected: "true: GitLab masks every hidden variable" }]
      : []),
  ];
}

/** GitLab's paths are one in upper and lower case, its keys are not, and it takes the blanks around a scope away. */
function key({ project, group, instance, key, environmentScope }: Raw): string | undefined {
  const [kind, owner] =
    project !== undefined
      ? ["project", project]
      : group !== undefined
        ? ["group", group]
        : ["instance", instance === undefined ? undefined : ""];
  return together(kind, folded(owner), key, trimmed(environmentScope ?? "*"));
}

function title({ project, group, key, environmentScope = "*" }: Consumer): string {
  const scope = environmentScope === "*" ? "" : ` (${environmentScope})`;
  const of = project !== undefined ? `project "${project}"` : group !== undefined ? `group "${group}"` : "the instance";
  return `CI/CD variable "${key}" of ${of}${scope}`;
}

function of(target: VariableTarget): DeclaredPlace {
  const { project, group, instance, key, environmentScope: scope = "*", ...attributes } = target;
  const names: Consumer = {
    kind: "variable",
    ...(project === undefined ? {} : { project }),
    ...(group === undefined ? {} : { group }),
    key,
    environmentScope: scope,
  };
  const words = title(names);
  const { masked, hidden } = attributes;
  return {
    title: words,
    place: { ...names, title: words },
    isMade: false,
    isShown: false,
    type: typeOf(target),
    shortName: (account) => `${account}/${project ?? group ?? "instance"}/${key}${scope === "*" ? "" : `-${scope}`}`,
    longName: (account) => longName(account, { project, group, key, scope }),
    destination: { words, namespace: project ?? group },
    attributes,
    objections: (proof) => ({
      ...(proof.some((pipeline) => instance === true || isBelow(pipeline.project, project ?? group ?? ""))
        ? {}
        : {
            "proof-for-every-consumer": `Nothing proves that "${project ?? group ?? "the instance"}" works with the new value of ${key}. Add a pipeline of ${
              project === undefined ? "one of its projects" : "that project"
            } to proof.`,
          }),
      ...(masked === true || hidden === true
        ? {}
        : {
            "masked-variables": `The ${words} ${
              masked === false ? "is declared unmasked" : "is not declared masked"
            }: a job log could show the token. Set masked: true.`,
          }),
    }),
  };
}

function typeOf({ project, group }: VariableTarget): string {
  if (project !== undefined) return "gitlab:index/projectVariable:ProjectVariable";
  return group === undefined
    ? "gitlab:index/instanceVariable:InstanceVariable"
    : "gitlab:index/groupVariable:GroupVariable";
}

function folded(path: unknown): unknown {
  return typeof path === "string" ? path.toLowerCase() : path;
}

function trimmed(scope: unknown): unknown {
  return typeof scope === "string" ? scope.trim() : scope;
}

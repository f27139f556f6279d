import type {
  AccountDeclaration,
  AccountUser,
  ExternalConsumer,
  ItemDeclaration,
  PipelineDeclaration,
  VariableDeclaration,
} from "./declaration";

/** Who owns an account, as people say it: `group security`. */
export function ownerText({ group, project, instance, self }: AccountUser): string {
  if (self === true) return "no group (a plain user)";
  if (instance === true) return "the instance";
  return group === undefined ? `project ${project ?? ""}` : `group ${group}`;
}

/** Every place that holds a token of the account, as people say it. */
export function consumerTexts({ onePassword, variables, external }: AccountDeclaration): readonly string[] {
  return [...onePassword.map(itemText), ...variables.map(variableText), ...external.map(externalText)];
}

/** A consumer that cannot be written from here, as people say it. */
export function externalText({ name, owner, usedEvery }: ExternalConsumer): string {
  return `${name}, updated by ${owner}${usedEvery === undefined ? "" : `, waited for: used every ${usedEvery}`}`;
}

/** A place in 1Password as people say it. */
export function itemText({ vault, item, newItem, field, section }: ItemDeclaration): string {
  const within = section === undefined ? "" : ` / ${section}`;
  return `1Password ${vault} / ${item ?? newItem ?? ""}${within} / ${field}`;
}

/** A CI/CD variable as people say it. */
export function variableText({ project, group, instance, key, environmentScope }: VariableDeclaration): string {
  const scope = environmentScope === "*" ? "" : `, environment ${environmentScope}`;
  const of = instance === true ? "the instance" : (project ?? `group ${group ?? ""}`);
  return `variable ${key} of ${of}${scope}`;
}

/** A pipeline that proves a token, as people say it. */
export function proofText({ project, schedule, ref, job, observed, jobs }: PipelineDeclaration): string {
  const started = [
    ...(schedule === undefined ? [] : [`schedule "${schedule}"`]),
    ...(ref === undefined || observed === true ? [] : [`ref ${ref}`]),
    ...(job === undefined ? [] : [`retry of job ${job}`]),
    ...(observed === undefined ? [] : [ref === undefined ? "observed" : `observed on ${ref}`]),
  ];
  const named = jobs.length === 0 ? "" : ` (${jobs.length === 1 ? "job" : "jobs"} ${jobs.join(", ")})`;
  return `${project}: ${started.join(", ")}${named}`;
}

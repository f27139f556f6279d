import { type DeclaredPlaces, placesOf } from "../../places/declared";
import type { AccountDeclaration, AccountUser, ExternalConsumer, PipelineDeclaration } from "./declaration";

/** Who owns an account, as people say it: `group security`. */
export function ownerText({ group, project, instance, self }: AccountUser): string {
  if (self === true) return "no group (a plain user)";
  if (instance === true) return "the instance";
  return group === undefined ? `project ${project ?? ""}` : `group ${group}`;
}

/** Every place that holds a token of the account, as people say it. */
export function consumerTexts(account: AccountDeclaration): readonly string[] {
  return [...placeTexts(account), ...account.external.map(externalText)];
}

/** Those that are written from here. */
export function placeTexts(account: DeclaredPlaces): readonly string[] {
  return placesOf(account).map(({ title }) => title);
}

/** A consumer that cannot be written from here, as people say it. */
export function externalText({ name, owner, usedEvery }: ExternalConsumer): string {
  return `${name}, updated by ${owner}${usedEvery === undefined ? "" : `, waited for: used every ${usedEvery}`}`;
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

import { messageOf } from "../../../clients/faults";
import { type Owner, ownerOf, ownerTitle } from "../../../clients/gitlab/owner";
import { getSchedule } from "../../../clients/gitlab/pipelines/pipelines";
import { getVariable, getVariableOfKey, type Variable } from "../../../clients/gitlab/projects/variables";
import { Conflict } from "../../../clients/http";
import type { Servers } from "../../../clients/servers";
import type { PipelineTarget } from "../../../contract/types/pipelines";
import { isNoVariable } from "../../../places/variable/existing";
import { isByJobs, targetTitle } from "../account/accountInputs";
import { allSchedules, findSchedule } from "../pipelines/schedules";
import { runsProtected } from "./pipelineFaults";
import { nearerOwners, reaches } from "./reach";
import { isSameOwner } from "./shadows";

/** A declared variable, as what outranks it sees it. */
export interface Place {
  readonly project?: string | undefined;
  readonly group?: string | undefined;
  readonly key?: string | undefined;
}

/** What stands before the declared variables in the jobs of the pipelines that are to prove them. */
export interface Outranking {
  /** It feeds the pipeline in their place: that would prove nothing. */
  readonly faults: readonly string[];
  /** It feeds some jobs, or could not be looked at. */
  readonly warnings: readonly string[];
}

type Found = readonly { readonly fault?: string; readonly warning?: string }[];

/**
 * Variables that GitLab gives to a pipeline's jobs before the declared ones, by its order of precedence: those of the
 * schedule, and those of a nearer owner. What is given to a pipeline when it starts is looked at when it has run.
 *
 * @param asksSchedules - whether the schedules that may start a pipeline are looked at as well.
 */
export async function outranking(
  { variables, pipelines }: { readonly variables: readonly Place[]; readonly pipelines: readonly PipelineTarget[] },
  at: Servers,
  asksSchedules: (target: PipelineTarget) => boolean = () => true,
): Promise<Outranking> {
  const found = await Promise.all(
    pipelines.map(async (target) => {
      const reaching = variables.filter((one) => reaches(one, target.project));
      const scheduled = asksSchedules(target) ? await bySchedules(target, reaching, at) : [];
      return [...scheduled, ...(await byOwners(target, reaching, variables, at))];
    }),
  );
  return {
    faults: distinct(found.flat().flatMap(({ fault }) => fault ?? [])),
    warnings: distinct(found.flat().flatMap(({ warning }) => warning ?? [])),
  };
}

async function bySchedules(target: PipelineTarget, reaching: readonly Place[], at: Servers): Promise<Found> {
  if (reaching.length === 0) return [];
  const { project, schedule: description } = target;
  try {
    if (description !== undefined) {
      const { id } = await findSchedule(project, description, at);
      return bySchedule(target, await getSchedule(at.gitlab(), project, id), reaching, "fault");
    }
    // A job that is observed, or retried, may be one that a schedule started.
    if (target.ref !== undefined && !isByJobs(target)) return [];
    const all = await allSchedules(project, at);
    return all.flatMap((one) => bySchedule(target, one, reaching, "warning"));
  } catch (error) {
    // That the schedule is not there is told as a fault of the pipeline.
    if (description !== undefined) return [];
    return [
      {
        warning: `whether a schedule of project "${project}" gives variables to its pipelines could not be looked at (${messageOf(error)}): they would count before the declared ones`,
      },
    ];
  }
}

function bySchedule(
  target: PipelineTarget,
  { description, variableKeys }: { readonly description: string; readonly variableKeys: readonly string[] | undefined },
  reaching: readonly Place[],
  kind: "fault" | "warning",
): Found {
  const which = `schedule "${description}" of project "${target.project}"`;
  if (variableKeys === undefined)
    return [
      {
        warning: `whether ${which} gives variables to its pipelines could not be looked at: GitLab shows them to those who may edit it. They would count before the declared ones. Give the user of "GITLAB_TOKEN" the role Maintainer there, or see that it has none of the same key`,
      },
    ];
  return reaching
    .filter(({ key }) => key !== undefined && variableKeys.includes(key))
    .map(({ key }) => ({
      [kind]: `${which} gives its pipelines a variable "${key}" of its own, which counts before the declared one: ${kind === "fault" ? "they would prove nothing" : `what ${targetTitle(target)} does in them proves nothing`}. Delete it in the schedule`,
    }));
}

async function byOwners(
  target: PipelineTarget,
  reaching: readonly Place[],
  declared: readonly Place[],
  at: Servers,
): Promise<Found> {
  const found = await Promise.all(
    reaching.flatMap((place) =>
      nearerOwners(place, target.project)
        .filter((owner) => !declared.some((one) => one.key === place.key && isSameOwner(ownerOf(one), owner)))
        .map((owner) => byOwner(target, place, owner, at)),
    ),
  );
  return found.flat();
}

async function byOwner(target: PipelineTarget, place: Place, owner: Owner, at: Servers): Promise<Found> {
  const { key = "" } = place;
  const which = `variable "${key}" of ${ownerTitle(owner)}`;
  const ours = `the declared one of ${ownerTitle(ownerOf(place))}`;
  try {
    const found = await nearest(owner, key, at);
    if (found === undefined) return [];
    if (found.environmentScope !== "*")
      return [
        {
          warning: `${which} counts there before ${ours} in the environments "${found.environmentScope}": jobs of these see its value. If it is to hold this token, declare it too; else delete it`,
        },
      ];
    if (found.protected && (await runsProtected(target, at)) === false) return [];
    return [
      {
        fault: `${which} counts there, and not ${ours}: ${targetTitle(target)} would prove nothing. If it is to hold this token, declare it too; else delete it, or let another pipeline prove the token`,
      },
    ];
  } catch (error) {
    return [
      {
        warning: `whether there is a ${which}, which would count before ${ours}, could not be looked at (${messageOf(error)})`,
      },
    ];
  }
}

/** The variable of a key that an owner's jobs see: the one for all environments, if there is one. */
async function nearest(owner: Owner, key: string, at: Servers): Promise<Variable | undefined> {
  const none = (error: unknown): undefined => {
    if (!isNoVariable(error)) throw error;
  };
  try {
    return await getVariableOfKey(at.gitlab(), owner, key);
  } catch (error) {
    if (!(error instanceof Conflict)) return none(error);
    const general = await getVariable(at.gitlab(), owner, key).catch(none);
    return general ?? { ...unscoped, key };
  }
}

/** Several of one key, of which none is for all environments. */
const unscoped: Variable = {
  key: "",
  value: undefined,
  variableType: "env_var",
  protected: false,
  masked: false,
  hidden: false,
  raw: false,
  environmentScope: "several",
  description: undefined,
};

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

import { isDenied, messageOf } from "../../../clients/faults";
import { getPipeline, givenKeys } from "../../../clients/gitlab/pipelines/pipelines";
import type { Servers } from "../../../clients/servers";
import type { PipelineTarget, Run } from "../../../contract/types/pipelines";
import type { Consumer } from "../../../contract/types/places";
import { kindOfPlace } from "../../../places/declared";
import type { Log } from "../../host/provider";
import { isByJobs, targetTitle } from "../account/accountInputs";
import { allSchedules } from "../pipelines/schedules";
import { outranking } from "../preflight/outranking";

/** A pipeline whose jobs a run counts. */
interface Counted {
  /** Its path or number. */
  readonly project: string;
  readonly id: number;
}

/**
 * By what a run may have been fed in place of the declared variables, if by anything: then it proves nothing. What
 * could not be looked at is told, and never taken to be absent.
 */
export async function doubtOf(
  target: PipelineTarget,
  run: Run,
  consumers: readonly Consumer[],
  at: Servers,
  log: Log,
): Promise<string | undefined> {
  const variables = consumers.filter((one) => kindOfPlace(one).isInJobs);
  if (variables.length === 0) return undefined;
  const keys = [...new Set(variables.flatMap(({ key }) => key ?? []))];
  const isOurs = !isByJobs(target) && target.job === undefined && target.observed !== true;
  const [fixed, given] = await Promise.all([
    outranking({ variables, pipelines: [target] }, at, ({ schedule }) => schedule !== undefined),
    Promise.all(counted(target, run, isOurs).map((one) => givenTo(one, keys, !isOurs, at))),
  ]);
  for (const warning of [...fixed.warnings, ...given.flatMap(({ warning }) => warning ?? [])])
    log.warn(`${targetTitle(target)} of project "${target.project}": ${warning}.`);
  return [...fixed.faults, ...given.flatMap(({ fault }) => fault ?? [])][0];
}

/** What we started ourselves was given nothing; what it started, or what others started, may have been. */
function counted({ project }: PipelineTarget, { pipelineId, jobs }: Run, isOurs: boolean): Counted[] {
  const all = [
    ...(pipelineId === undefined ? [] : [{ project, id: pipelineId }]),
    ...jobs.flatMap(({ pipelineId: id, projectId }) =>
      id === undefined || id === pipelineId
        ? []
        : [{ project: projectId === undefined ? project : String(projectId), id }],
    ),
  ];
  const distinct = [...new Map(all.map((one) => [one.id, one])).values()];
  return isOurs ? distinct.filter(({ id }) => id !== pipelineId) : distinct;
}

async function givenTo(
  { project, id }: Counted,
  keys: readonly string[],
  mayBeScheduled: boolean,
  at: Servers,
): Promise<{ readonly fault?: string; readonly warning?: string }> {
  try {
    const given = await givenKeys(at.gitlab(), project, id);
    const key = keys.find((one) => given.includes(one));
    if (key !== undefined)
      return {
        fault: `its pipeline ${id} was given a variable "${key}" when it was started, which counts before the declared one`,
      };
    if (!mayBeScheduled) return {};
    const all = await allSchedules(project, at);
    const schedule = all.find(({ variableKeys = [] }) => keys.some((one) => variableKeys.includes(one)));
    if (schedule === undefined || (await getPipeline(at.gitlab(), project, id)).source !== "schedule") return {};
    return {
      fault: `a schedule started its pipeline ${id}, and schedule "${schedule.description}" gives such pipelines a variable of the same key as the declared one, which counts before that. Delete it in the schedule`,
    };
  } catch (error) {
    if (!isDenied(error)) throw error;
    return {
      warning: `which variables were given to pipeline ${id} could not be looked at (${messageOf(error)}): they count before the declared ones. It takes the role Maintainer`,
    };
  }
}

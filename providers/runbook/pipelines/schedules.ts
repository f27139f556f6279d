import { getSchedule, listSchedules, type Schedule } from "../../../clients/gitlab/pipelines/pipelines";
import { NotFound } from "../../../clients/http";
import type { Servers } from "../../../clients/servers";

/** A project's pipeline schedule of that description; looked up once for each run. */
export async function findSchedule(project: string, description: string, at: Servers): Promise<Schedule> {
  const subject = `schedules of ${project}`;
  const schedules = await at
    .remember(subject, () => listSchedules(at.gitlab(), project))
    .catch((error: unknown) => {
      if (!(error instanceof NotFound)) throw error;
      throw new Error(
        `project "${project}" was not found with the token in "GITLAB_TOKEN". Correct the path, or give its user the role Developer there`,
        { cause: error },
      );
    });
  const [schedule, other] = schedules.filter((one) => one.description === description);
  if (schedule !== undefined && other === undefined) return schedule;
  // What is wrong now may be mended before the next look.
  at.forget(subject);
  if (other !== undefined)
    throw new Error(`several schedules have that description. Give the one that is meant a description of its own`);
  const names = schedules.map((one) => `"${one.description}"`).join(", ");
  throw new Error(
    `there is no pipeline schedule of that description${names === "" ? "" : `; there are ${names}`}. Correct "schedule"`,
  );
}

/** All schedules of a project, each with what only its own answer tells; looked up once for each run. */
export function allSchedules(project: string, at: Servers): Promise<readonly Schedule[]> {
  return at.remember(`schedules of ${project}, each by itself`, async () => {
    const all = await at.remember(`schedules of ${project}`, () => listSchedules(at.gitlab(), project));
    return Promise.all(all.map(({ id }) => getSchedule(at.gitlab(), project, id)));
  });
}

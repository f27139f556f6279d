// `npm run audit`: what was rotated when, by whom and with what proof, from the tracking issues of the declared accounts.

import { resolve } from "node:path";
import { GitLab } from "../clients/gitlab/client";
import { ownToken } from "../clients/gitlab/users/tokens";
import { findUserId } from "../clients/gitlab/users/users";
import { isDay } from "../ground/day";
import { visibleJson } from "../ground/visible";
import { plain } from "../reports/plain";
import type { Settings } from "../rotation/declaration/settings";
import { csv } from "./audit/columns";
import { findRecords, type Tracker, type Wanted } from "./audit/records";
import { text } from "./audit/text";
import {
  choice,
  flags,
  type Outcome,
  outcomeOf,
  type Surroundings,
  stackSettings,
  toldLeftOut,
  UsageError,
} from "./command";
import { exitCodes } from "./exitCodes";
import { auditCommand } from "./table/surveying";

/** What the command works with. */
export interface AuditSurroundings extends Surroundings {
  /** Columns of the terminal. @default 100 */
  readonly width?: number;
  /** Whether the terminal takes colours. @default false */
  readonly color?: boolean;
}

/** Runs the command; never throws. */
export function audit(args: readonly string[], surroundings: AuditSurroundings): Promise<Outcome> {
  return outcomeOf("audit", () => audited(args, surroundings));
}

async function audited(
  args: readonly string[],
  { folder, environment, width = 100, color = false }: AuditSurroundings,
): Promise<Outcome> {
  const { values } = flags(args, auditCommand.flags);
  if (values.since !== undefined && !isDay(values.since))
    throw new UsageError(`Reading the command line: "${values.since}" is no day; write one such as 2026-11-23.`);
  const named = stackSettings(resolve(folder, values.cwd ?? "."), values.stack, values.account);
  const stacks = named.map(({ settings }) => settings);
  const gitlab = GitLab.fromEnvironment(environment);
  const wanted: Wanted = {
    authorId: await authorOf(gitlab, values.author),
    fleets: new Set(stacks.map(({ fleet }) => fleet)),
    ...(values.since === undefined ? {} : { since: values.since }),
    ...(values.account === undefined ? {} : { account: values.account }),
  };
  const trackers = trackersOf(stacks);
  const { records, unseen } = await findRecords(gitlab, trackers, wanted);
  const render = {
    text: () => text(records, { width: Math.min(width, 140), color }),
    json: () => `${visibleJson(JSON.stringify(records, undefined, 2))}\n`,
    csv: () => csv(records),
  };
  const format = choice("--format", values.format ?? "text", auditCommand.flags.format.choices);
  return {
    code: unseen.length === 0 ? exitCodes.fine : exitCodes.settings,
    stdout: render[format](),
    stderr: told(records.length, trackers, stacks, values.author) + toldLeftOut(named) + toldUnseen(unseen),
    output: values.output,
  };
}

function toldUnseen(unseen: readonly string[]): string {
  return unseen.map((one) => `${plain(one)}\n`).join("");
}

/** Where was looked, for what, and of which accounts nothing can be found: an empty list alone says none of it. */
function told(count: number, trackers: readonly Tracker[], stacks: readonly Settings[], author?: string): string {
  const places = trackers.map(({ project }) => `"${project}"`).join(", ");
  const by = author === undefined ? 'the user of "GITLAB_TOKEN" (--author names another)' : `"${author}"`;
  const records = count === 1 ? "1 record" : `${count} records`;
  const looked = places === "" ? [] : [`${records} by ${by}, in the issues of ${places}.`];
  const without = stacks.flatMap(({ accounts }) => accounts.filter(({ issue }) => issue === undefined));
  const names = without.map(({ name }) => name).join(", ");
  const silent = names === "" ? [] : [`No record is kept of accounts that declare no "issue": ${names}.`];
  return [...looked, ...silent].map((line) => `${plain(line)}\n`).join("");
}

function trackersOf(stacks: readonly Settings[]): Tracker[] {
  const iids = new Map<string, Set<number>>();
  for (const { issue } of stacks.flatMap(({ accounts }) => accounts)) {
    if (issue === undefined) continue;
    const named = iids.get(issue.project) ?? new Set();
    if (issue.iid !== undefined) named.add(issue.iid);
    iids.set(issue.project, named);
  }
  return [...iids].map(([project, named]) => ({ project, iids: [...named] }));
}

async function authorOf(gitlab: GitLab, username: string | undefined): Promise<number> {
  if (username === undefined) return (await ownToken(gitlab)).userId;
  const id = await findUserId(gitlab, username);
  if (id === undefined) throw new Error(`Looking for the user "${username}": GitLab has none of that name.`);
  return id;
}

import { visibleJson } from "../../../ground/visible";
import { isRecord } from "../../host/path";
import type { Rotation } from "./mark";

/** The version of the shape of {@link AuditRecord}. */
export const recordVersion = 1;

/** A pipeline that proved a token. */
export interface ProofRecord {
  readonly project: string;
  /** What was started, in words. */
  readonly target: string;
  readonly status: string;
  readonly url: string;
  readonly jobs: readonly { readonly name: string; readonly status: string; readonly url: string }[];
}

/** A token that another one took over from. */
export interface PredecessorRecord {
  readonly generation: string;
  readonly tokenId: number | undefined;
  /** `live`, `revoked`, `expired` or `unminted`. */
  readonly status: string;
  readonly expiresAt: string;
}

/** What git and GitLab CI say of the run. Absent what they do not say. */
export interface RunRecord {
  /** Who started the pipeline. */
  readonly user?: string;
  /** The commit of the declaration; edited, where files of it were. */
  readonly commit?: string;
  /** Its author, as git has the name. */
  readonly author?: string;
  /** The merge request that brought it, such as `group/project!12`. */
  readonly mergeRequest?: string;
  readonly pipeline?: string;
  readonly job?: string;
}

/** What an auditor needs of a rotation. Facts only, never a token. Written once, as a comment of its own. */
export interface AuditRecord extends Rotation {
  /** Says that it is such a record, and the version of its shape. */
  readonly patRotation: typeof recordVersion;
  /** A token took over; or an older one was revoked. */
  readonly event: "rotated" | "retired";
  /** When it was written, an instant. */
  readonly at: string;
  readonly username: string;
  readonly tokenId: number;
  /** The day on which the token dies. */
  readonly expiresAt: string;
  /** What it may do in GitLab's words, a text for each place, such as `read_job in project a/b`; absent for a legacy token. */
  readonly may?: readonly string[];
  /** When it was proven, an instant. */
  readonly provedAt: string;
  /** Where it is stored, in words. */
  readonly places: readonly string[];
  readonly proofs: readonly ProofRecord[];
  /** Who was told. */
  readonly told: readonly string[];
  /** The older tokens, as they were then; of a `retired` record the one that was revoked. */
  readonly predecessors: readonly PredecessorRecord[];
  readonly run: RunRecord;
}

const opening = "```json";

/** A record as a block of code. Nothing in it can end the block, notify anybody or be taken for HTML. */
export function recordBlock(record: AuditRecord): string {
  const json = visibleJson(JSON.stringify(record, undefined, 2)).replace(
    /[`@<>&]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return ["<details><summary>Record</summary>", "", opening, json, "```", "", "</details>"].join("\n");
}

/** The record in a comment, if there is one of a shape that is known. Whether its author may be believed is not looked at. */
export function recordIn(body: string): AuditRecord | undefined {
  const lines = body.split(/\r?\n/);
  const start = lines.indexOf(opening);
  const end = lines.indexOf("```", start);
  if (start === -1 || end === -1) return undefined;
  try {
    const found: unknown = JSON.parse(lines.slice(start + 1, end).join("\n"));
    return isAuditRecord(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

function isAuditRecord(found: unknown): found is AuditRecord {
  if (!isRecord(found) || found.patRotation !== recordVersion) return false;
  const texts = ["event", "at", "fleet", "account", "generation", "username", "expiresAt", "provedAt"];
  const lists = ["places", "proofs", "told", "predecessors"];
  return (
    texts.every((name) => typeof found[name] === "string") &&
    lists.every((name) => Array.isArray(found[name])) &&
    (found.may === undefined || Array.isArray(found.may)) &&
    Number.isSafeInteger(found.tokenId) &&
    isRecord(found.run)
  );
}

/** What is known of the run: of the declaration by git, where `npm run up` asked that, and of the rest by GitLab CI's variables. */
export function runRecord(env: NodeJS.ProcessEnv = process.env): RunRecord {
  const { CI_MERGE_REQUEST_IID, CI_MERGE_REQUEST_PROJECT_PATH, CI_PROJECT_PATH } = env;
  const project = CI_MERGE_REQUEST_PROJECT_PATH ?? CI_PROJECT_PATH ?? "";
  const message = env.PAT_ROTATION_COMMIT_MESSAGE ?? env.CI_COMMIT_MESSAGE ?? "";
  // The default branch's pipelines know the merge request by the message of its merge commit only.
  const mergeRequest = CI_MERGE_REQUEST_IID
    ? `${project}!${CI_MERGE_REQUEST_IID}`
    : /^See merge request (\S+!\d+)\s*$/m.exec(message)?.[1];
  const all = {
    user: env.GITLAB_USER_LOGIN,
    commit: env.PAT_ROTATION_COMMIT ?? env.CI_COMMIT_SHA,
    author: env.PAT_ROTATION_COMMIT_AUTHOR,
    mergeRequest,
    pipeline: env.CI_PIPELINE_URL,
    job: env.CI_JOB_URL,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value ? [[name, value.slice(0, 500)]] : [])),
  );
}

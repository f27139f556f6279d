import type { ExternalConsumer } from "../../../contract/types/places";
import { externals, told } from "./announcement";
import { type AuditRecord, type RunRecord, recordBlock } from "./record";
import { code, link } from "./text";

/** What a report holds beside the record. */
export interface Reported {
  readonly record: AuditRecord;
  readonly external: readonly ExternalConsumer[];
  /** The day of the account's next rotation. */
  readonly nextDate?: string;
}

/** What came of a rotation: the closing comment of its issue, without its mark. */
export function rotatedReport({ record, external, nextDate }: Reported): string {
  const { account, generation, username, tokenId, expiresAt, provedAt, places, proofs, predecessors } = record;
  return [
    `The token ${username === "" ? "that is" : `of ${code(username)} (`}declared as ${code(account)}${username === "" ? "" : ")"} is rotated, and proven.`,
    [
      `- Generation ${code(generation)}, GitLab's id ${tokenId}; it lives until **${expiresAt}**, 00:00 UTC.`,
      ...(record.may === undefined ? [] : [`- It is fine-grained, and may:${indented(record.may.map(code))}`]),
      `- Stored in:${indented(places.map(code))}`,
      `- Proven at ${provedAt}${proofs.length === 0 ? ", by a test against GitLab." : ":"}${indented(proofs.map(proofLine))}`,
      ...predecessors.map(predecessorLine),
      ...(nextDate === undefined ? [] : [`- The next rotation is on **${nextDate}**.`]),
      ...runLine(record.run),
    ].join("\n"),
    ...(external.length === 0
      ? []
      : [
          externals(
            external,
            predecessors.some(({ status }) => status === "live"),
          ),
        ]),
    ...told(record.told),
    recordBlock(record),
  ].join("\n\n");
}

/** That an older token was revoked: a comment without its mark. */
export function retiredReport(record: AuditRecord): string {
  const [old] = record.predecessors;
  return [
    `Token ${old?.tokenId} of generation ${code(old?.generation ?? "")} is revoked; generation ${code(record.generation)} (token ${record.tokenId}) is in use.`,
    ...runLine(record.run),
    recordBlock(record),
  ].join("\n\n");
}

function proofLine({ project, target, status, url, jobs }: AuditRecord["proofs"][number]): string {
  const named = jobs.map((job) => `${link("job", job.url)} ${code(job.name)}: ${code(job.status)}`);
  return `${link("pipeline", url)} of ${code(project)} (${code(target)}): ${code(status)}${named.length === 0 ? "" : `; ${named.join("; ")}`}`;
}

function predecessorLine({ generation, tokenId, status, expiresAt }: AuditRecord["predecessors"][number]): string {
  const name = `- The token of generation ${code(generation)}${tokenId === undefined ? "" : ` (id ${tokenId})`}`;
  if (status === "live")
    return `${name} lives on beside it for now; it is revoked once that is safe, and dies on ${expiresAt}.`;
  return status === "unminted"
    ? `${name} was never made.`
    : `${name} is ${status === "expired" ? "expired" : "revoked"}.`;
}

function runLine({ user, commit, mergeRequest, pipeline, job }: RunRecord): string[] {
  const parts = [
    ...(user === undefined ? [] : [`started by ${code(user)}`]),
    ...(commit === undefined ? [] : [`commit ${code(commit)}`]),
    ...(mergeRequest === undefined ? [] : [`merge request ${code(mergeRequest)}`]),
    ...(pipeline === undefined ? [] : [link("pipeline", pipeline)]),
    ...(job === undefined ? [] : [link("job", job)]),
  ];
  return parts.length === 0 ? [] : [`- Run: ${parts.join(", ")}.`];
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `\n  - ${line}`).join("");
}

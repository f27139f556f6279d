import type { TrackingIssueInputs } from "../../../contract/trackingIssue";
import type { ExternalConsumer } from "../../../contract/types/places";
import { hiddenMark } from "./mark";
import { code, mention, plain } from "./text";

/** What is announced. */
export type Announced = Omit<TrackingIssueInputs, "project" | "iid" | "confidential" | "labels">;

/** The title of an issue: at most 255 characters. */
export function announcementTitle({ account, date }: Pick<Announced, "account" | "date">): string {
  return `Rotate the token of ${plain(account)} on ${date}`;
}

/** The description of an issue, with the mark by which it is found again. */
export function announcement(announced: Announced): string {
  return [announcementText(announced), hiddenMark(announced)].join("\n\n");
}

/** What will happen, in words. */
export function announcementText(announced: Announced): string {
  const {
    account,
    username,
    plainUser,
    generation,
    date,
    expiresAt,
    reasons,
    places,
    pipelines,
    overlapDays,
    external,
  } = announced;
  const proof =
    pipelines.length === 0
      ? "It is tested against GitLab; no pipeline is declared that proves it."
      : "These pipelines are run with it, and must pass:";
  // Only a token that rotates itself has no overlap.
  const rotatesItself = overlapDays === 0;
  const end = rotatesItself
    ? []
    : [
        `4. The old token is revoked, ${overlapDays} ${overlapDays === 1 ? "day" : "days"} after that at the earliest, once nobody uses it.`,
      ];
  return [
    `On **${date}** ${subject(username, account, rotatesItself || plainUser === true)} is replaced by a new one, generation ${code(generation)}, which lives until ${expiresAt}.`,
    ...mayText(announced.may, "It is fine-grained. It may:"),
    ...(reasons.length === 0 ? [] : [reasons.map(code).join(" ")]),
    "What happens then, by itself:",
    [
      rotatesItself
        ? "1. The token rotates itself: GitLab makes a new one, and revokes the one in use in the same moment."
        : "1. A new token is made. The one in use stays alive beside it.",
      `2. It is stored in:${list(places)}`,
      `3. ${proof}${list(pipelines)}`,
      ...end,
    ].join("\n"),
    rotatesItself
      ? "If anything fails, it is told here, and the next run takes it up again. Once the token has rotated there is no way back to the old one."
      : "If anything fails, it is told here, the old token stays alive and in place, and the next run takes it up again.",
    ...(external.length === 0 ? [] : [externals(external, !rotatesItself)]),
    ...told(announced.notify),
  ].join("\n\n");
}

/** What those must do whose consumers cannot be written from here. */
export function externals(external: readonly ExternalConsumer[], overlaps: boolean): string {
  const lines = external.map(({ name, owner }) => `- ${code(name)}: ${mention(owner)}`);
  const when = overlaps ? "while both tokens live" : "at once, since the old token is dead then";
  return [`What is to be done by hand, ${when}: put the new token into`, lines.join("\n")].join("\n\n");
}

/** A line that notifies those concerned. */
export function told(notify: readonly string[]): readonly string[] {
  return notify.length === 0 ? [] : [`For your information: ${notify.map(mention).join(" ")}`];
}

/** An access token of a group or project has no user that is known before. */
function subject(username: string, account: string, isPlain: boolean): string {
  if (username === "") return `the access token that is declared as ${code(account)}`;
  const user = `${isPlain ? "user" : "service account"} ${code(username)}`;
  return `the personal access token of the ${user} (declared as ${code(account)})`;
}

/** What a fine-grained token may do, a line for each place; nothing for a legacy one. */
export function mayText(may: readonly string[] | undefined, title: string): readonly string[] {
  return may === undefined || may.length === 0 ? [] : [`${title}\n${may.map((text) => `- ${code(text)}`).join("\n")}`];
}

function list(texts: readonly string[]): string {
  return texts.map((text) => `\n   - ${code(text)}`).join("");
}

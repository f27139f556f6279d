import { hiddenMark, type Rotation } from "./mark";
import { code, mention, plain } from "./text";

/** A consumer that cannot be written from here. */
export interface ExternalConsumer {
  readonly name: string;
  /** Who updates it, with the `@`. */
  readonly owner: string;
}

/** What is announced. */
export interface Announced extends Rotation {
  readonly username: string;
  /** The day. */
  readonly date: string;
  /** The day on which the new token will die. */
  readonly expiresAt: string;
  /** Why on that day. */
  readonly reasons: readonly string[];
  /** Where the token is stored, in words. */
  readonly places: readonly string[];
  /** The pipelines that are run with it, in words. */
  readonly pipelines: readonly string[];
  readonly overlapDays: number;
  readonly external: readonly ExternalConsumer[];
  /** Users and groups to mention. */
  readonly notify: readonly string[];
}

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
  const { account, username, generation, date, expiresAt, reasons, places, pipelines, overlapDays, external } =
    announced;
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
    `On **${date}** the personal access token of the ${rotatesItself ? "user" : "service account"} ${code(username)} (declared as ${code(account)}) is replaced by a new one, generation ${code(generation)}, which lives until ${expiresAt}.`,
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

function list(texts: readonly string[]): string {
  return texts.map((text) => `\n   - ${code(text)}`).join("");
}

import { type Day, show } from "../../ground/day";
import { visibleJson } from "../../ground/visible";
import { plain } from "../../reports/plain";
import { Writer } from "../../reports/writer";
import { type Draft, draftTitle, proofNotes } from "./drafts";
import type { FoundPermissions } from "./permissions";
import type { Provable } from "./proofs";

/** What a draft is written with. */
export interface WriteOptions {
  /** The first rotation. */
  readonly startsOn: Day;
  readonly today: Day;
  /** What the pipelines of its projects offer. */
  readonly provable: readonly Provable[];
  /** What it may do, where its token is fine-grained. */
  readonly permissions?: FoundPermissions | undefined;
  /** Scopes that take a reason. */
  readonly wideScopes: readonly string[];
}

/** What {@link plain} writes in place of a token. */
const hiddenToken = "[what looks like a token]";

/** What YAML would not take for a text. */
const word = /^(?:true|false|yes|no|on|off|null|y|n)$/i;

/** The columns of a comment's words. */
const COLUMNS = 92;

type Value = string | number | boolean | readonly string[];

/** An account's declaration as YAML, one mapping, with what a person should know as comments. */
export function yaml(draft: Draft, { startsOn, today, provable, permissions, wideScopes }: WriteOptions): string {
  const { token } = draft;
  const isWide = token.scopes.some((scope) => wideScopes.includes(scope));
  const proofs = provable.filter(({ jobs }) => jobs.length > 0);
  const lines = [
    ...told(`${draftTitle(draft)}. Written on ${show(today)} from what GitLab holds, by npm run inventory.`),
    ...[...draft.notes, ...(permissions?.notes ?? []), ...proofNotes(draft, provable)].flatMap(told),
    `name: ${scalar(draft.name)}`,
    `account: ${flow({ ...ownerOf(draft), ...userOf(draft) })}`,
    "token:",
    `  name: ${scalar(token.name)}`,
    ...(token.description === "" ? [] : [`  description: ${scalar(described(token.description))}`]),
    ...(permissions === undefined
      ? [`  scopes: ${scalar(token.scopes)}`]
      : ["  permissions:", ...permissions.blocks.map((one) => `    - ${flow({ ...one })}`)]),
    ...(isWide ? ["  scopeReason: Taken over from the token made by hand # TODO try a narrower scope"] : []),
    `rotation: { startsOn: "${startsOn}" } # ${draft.dead ? "its token is dead" : `its token dies on ${show(draft.expiresAt)}`}`,
    `adopt: { tokenId: ${token.id}, expiresAt: "${draft.expiresAt}" }`,
    ...block(
      "onePassword",
      draft.items.map((item) => [flow({ ...item })]),
    ),
    ...block(
      "variables",
      draft.variables.map(({ owner, key, environmentScope, masked, ...variable }) => {
        const scope = environmentScope === "*" ? {} : { environmentScope };
        const attributes = { masked: true, ...(variable.protected ? { protected: true } : {}) };
        const place = "instance" in owner ? { instance: true } : { ...owner };
        const line = flow({ ...place, key, ...scope, ...attributes });
        return [masked ? line : `${line} # not masked so far: the first rotation masks it`];
      }),
    ),
    ...block(
      "proof",
      proofs.map(({ project, jobs, schedules }, at) => [
        flow({ project, observed: true, jobs }),
        ...(at === 0
          ? [
              ...told(
                `Nothing is started: these jobs are waited for. Leave those that use the token${schedules.length === 0 ? "." : ", or have a schedule played, by one of these lines in place of that:"}`,
              ),
            ]
          : []),
        ...schedules.map((schedule) => comment(`- ${flow({ project, schedule, jobs })}`)),
      ]),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

/** A description is cut where the mark would have no room. What looks like a token is found before that: half of one would not. */
function described(description: string): string {
  const shown = plain(description);
  return (shown.includes(hiddenToken) ? shown : description).slice(0, 110);
}

/** Declarations as one list. */
export function yamlList(declarations: readonly string[]): string {
  const item = (text: string) => {
    const lines = text.trimEnd().split("\n");
    const start = lines.findIndex((line) => !line.startsWith("#"));
    return [
      ...lines.slice(0, start),
      ...lines.slice(start).map((line, at) => (at === 0 ? `- ${line}` : `  ${line}`)),
    ].join("\n");
  };
  return declarations.map((text) => `${item(text)}\n`).join("\n");
}

function ownerOf({ account: { owner } }: Draft): Record<string, Value> {
  if (owner.group !== undefined) return { group: owner.group };
  return owner.project !== undefined ? { project: owner.project } : { instance: true };
}

function userOf({ account: { username, accessToken } }: Draft): Record<string, Value> {
  return accessToken === undefined ? { username } : { accessToken };
}

function block(name: string, members: readonly (readonly string[])[]): string[] {
  if (members.length === 0) return [];
  return [
    `${name}:`,
    // A comment is a member of the list as soon as its sign is gone.
    ...members.flatMap(([first = "", ...more]) => [`  - ${first}`, ...more.map((line) => `  ${line}`)]),
  ];
}

function flow(values: Readonly<Record<string, Value | undefined>>): string {
  const members = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${scalar(value)}`],
  );
  return `{ ${members.join(", ")} }`;
}

/** What people wrote is put down so that it can be nothing but that text, hides nothing, and shows no token. */
function scalar(value: Value): string {
  if (typeof value === "object") return `[${value.map(scalar).join(", ")}]`;
  if (typeof value !== "string") return String(value);
  const shown = plain(value);
  if (shown.includes(hiddenToken)) return JSON.stringify(shown);
  if (/^[A-Za-z](?:[\w ./-]*[\w/])?$/.test(value) && !word.test(value) && shown === value) return value;
  return visibleJson(JSON.stringify(value));
}

/** A sentence as comments, no longer than can be read in a list. */
function told(sentence: string): string[] {
  const write = new Writer(COLUMNS, (_style, words) => words);
  write.item(sentence, 0, "");
  return write.end().trimEnd().split("\n").map(comment);
}

/** One line, which may be uncommented. */
function comment(text: string): string {
  return `# ${plain(text)}`;
}

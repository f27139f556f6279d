import { shortened } from "../../../ground/shortened";
import { oneLine, visible } from "../../../ground/visible";

/**
 * What tokens look like, for somebody may have pasted one into a name: GitLab's where no prefix of the instance's own is set,
 * those of 1Password's service accounts, and signed ones such as Connect's.
 */
const tokens = /\b(?:gl[a-z]{1,10}-[\w.=-]{16,}|ops_[\w-]{20,}|eyJ[\w-]{10,}\.[\w.-]{10,})/g;

/** The longest piece of foreign text that goes into an issue. */
const LONGEST = 500;

/**
 * Foreign text on one line, without what GitLab acts upon in plain text: an `@` would notify people even in a title. What
 * stands for it looks the same to people.
 */
export function plain(text: string): string {
  const line = oneLine(withoutTokens(text)).replaceAll("@", "＠").trim();
  const cut = shortened(line, LONGEST);
  return cut === "" ? "(nothing)" : cut;
}

/** Foreign text as inline code: shown as it is. Nothing in it is a link, a command, HTML, a mention or a reference. */
export function code(text: string): string {
  const line = plain(text);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const room = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${room}${line}${room}${fence}`;
}

/**
 * Foreign text of several lines as a block of code. Backticks are replaced, since GitLab looks for commands behind the first
 * line that might end the block; and no line begins with what is a command outside of one.
 */
export function block(text: string): string {
  const lines = visible(shortened(withoutTokens(text), 8000))
    .split("\n")
    .map((line) => `  ${line.replaceAll("`", "'").replaceAll("@", "＠").trim()}`)
    .map((line) => line.replace(/^ {2}\//, "  ∕"));
  return ["```text", ...lines, "```"].join("\n");
}

/** A link with a title of our own; an address that is none, or that holds what could end the link, as code. */
export function link(title: string, url: string): string {
  return /^https?:\/\/[\w.:[\]-]+(\/[\w.~%!$&'*+,;=:/?#-]*)?$/.test(url) ? `[${title}](<${url}>)` : code(url);
}

/** Those to notify, from the one list that may: anything else than a user's or group's name with its `@` is shown as code. */
export function mention(name: string): string {
  return /^@[\w.][\w./-]*$/.test(name) ? name : code(name);
}

function withoutTokens(text: string): string {
  return text.replace(tokens, "[secret]");
}

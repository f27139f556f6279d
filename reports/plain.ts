import { oneLine } from "../ground/visible";

/** Values that GitLab, 1Password and Connect hand out, by their published prefixes. */
const tokens =
  /gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|ffct|wt)-[\w.=-]{12,}|\b(?:ops_[\w-]{20,}|eyJ[\w-]{10,}\.[\w.-]{10,})/g;

const latin = /\p{Script=Latin}/u;
const likeLatin = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Lisu}]/u;
/** Full width, and those of formulas. */
const otherForms = /[\uFF10-\uFF5A\u{1D400}-\u{1D7FF}]/u;

/**
 * A text of the declaration on one line, as it may be shown anywhere: no control characters, none that turn the reading
 * direction or cannot be seen, and nothing that looks like a token, which somebody may have pasted into a description. Words
 * that look like others are told: a vault of such a name is another vault.
 */
export function plain(text: string): string {
  return oneLine(text)
    .replace(tokens, "[what looks like a token]")
    .replace(/[\p{L}\p{N}]+/gu, (word) => (isAlike(word) ? `${word} (letters that look like others)` : word))
    .replace(/\p{Zs}+/gu, " ")
    .trim();
}

/** Whether letters of another alphabet, or of another form, pass for Latin ones in a word. */
function isAlike(word: string): boolean {
  return otherForms.test(word) || (likeLatin.test(word) && latin.test(word));
}

/** A text whose words all fit into so many columns, for a table, which cuts a longer one off. */
export function breakable(text: string, columns: number): string {
  return text.replace(new RegExp(`\\S{${columns}}(?=\\S)`, "g"), "$&\n");
}

/** A plain text in which nothing becomes a link by itself, and no tag is taken for one: the joiner cannot be seen. */
export function unlinked(text: string): string {
  return plain(text)
    .replace(/:(?=\/\/)|@(?=\w)|\bwww(?=\.)/gi, "$&\u2060")
    .replace(/</g, "‹")
    .replace(/>/g, "›");
}

/** Has every text of a JSON document be {@link plain}, for `JSON.stringify`. */
export function shown(_key: string, value: unknown): unknown {
  return typeof value === "string" ? plain(value) : value;
}

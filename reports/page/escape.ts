import { plain } from "../plain";

const references: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text of the declaration, fit for the content of an element and for a quoted attribute. */
export function escaped(text: string): string {
  return plain(text).replace(/[&<>"']/g, (character) => references[character] ?? "");
}

/** Control characters, and those that turn, hide or break a line of text: all that Unicode calls ignorable among them. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]+/gu;

/** Where a line ends, for some reader or other. */
const ends = /\r\n|[\n\r\u2028\u2029]/;

/** A text of somebody else's on one line: nothing in it hides, turns the reading direction, or commands a terminal. */
export function oneLine(text: string): string {
  // And nothing that the Pulumi CLI takes for a colour.
  return text.replace(unprintable, " ").replaceAll("<{%", "< {%");
}

/** The same for a text of several lines, which stay. */
export function visible(text: string): string {
  return text.split(ends).map(oneLine).join("\n");
}

/** The same for a document in JSON: what its texts hide is written out (`\u202e`), so that it says what it said. */
export function visibleJson(document: string): string {
  return document.replace(unprintable, (hidden) => {
    const units = Array.from({ length: hidden.length }, (_, at) => hidden.charCodeAt(at));
    // Between its texts a document has line breaks of its own.
    return units.map((unit) => (unit === 10 ? "\n" : `\\u${unit.toString(16).padStart(4, "0")}`)).join("");
  });
}

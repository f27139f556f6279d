import fc from "fast-check";
import { expect, test } from "vitest";
import { code, markdown, marker, prose } from "../../reports/markdown";
import { property } from "../rotation/declarations";
import { broken, evilSettings, full, planOf } from "./plans";

test("the note begins with what it is found by, and the sentence that matters", () => {
  expect(markdown(full).split("\n").slice(0, 5)).toEqual([
    marker,
    "",
    "## Rotation plan: <code>prod</code>",
    "",
    expect.stringMatching(
      /^\*\*NO LIVING TOKEN of scanner from Thu 10 Dec until Mon 14 Dec\. Merging would stop inventory: .*\*\*$/,
    ),
  ]);
});

test("a time without a living token comes before all else", () => {
  const [first, ...others] = markdown(full)
    .split("\n")
    .filter((line) => line.startsWith("### "));
  expect(first).toBe("### :rotating_light: No living token");
  expect(others.length).toBeGreaterThan(2);
  expect(markdown(full)).toContain(
    "| <code>scanner</code> | adopted | Thu 10 Dec 2026 | Mon 14 Dec 2026 | The token adopted is dead from",
  );
});

test("a calendar is a table of dates", () => {
  expect(markdown(full)).toContain(
    '| Thu 10 Dec 2026 | **AT RISK** | <code>scanner</code> | expires | adopted | <code>CI/CD variable "TOKEN" of project "security/builder"</code> |  |',
  );
});

test("faults are a table that no text of theirs breaks", () => {
  expect(markdown(broken)).toContain(
    '| <code>Pulumi.prod.yaml:3</code> | <code>pat-rotation:fleet</code> | &#34;a &#124; b" | a name |',
  );
});

/** What is left when GitLab has read the Markdown: the texts that it then searches for references. */
function read(text: string): string {
  return text.replace(/&#(\d+);/g, (_, number: string) => String.fromCodePoint(Number(number)));
}

const markup = /[<>`*_[\]{}|\\~&](?!#\d+;)/;

test("no text mentions, refers, commands, links or marks up", () => {
  const note = markdown(planOf(evilSettings));
  const lines = note.split("\n");
  expect(lines.filter((line) => /^\s*\//.test(line))).toEqual([]);
  expect(read(note.replace(marker, ""))).not.toMatch(
    /@[\w.]|#\d|!\d|~\w|%\d|\$\d|&\d|:tada:|https?:\/\/|www\.|deadbeef01|ABC-123/,
  );
  const inside = [...note.matchAll(/<code>(.*?)<\/code>/g)].map(([, text = ""]) => text);
  expect(inside.filter((text) => markup.test(text))).toEqual([]);
  expect(note.match(/<(?!\/?(?:code|br|sub)>|!-- pat-rotation: plan -->)/g)).toBeNull();
});

test("every table row has as many cells as its head, whatever the texts", () => {
  const rows = markdown(planOf(evilSettings))
    .split("\n")
    .filter((line) => line.startsWith("|"));
  expect(new Set(rows.map((row) => row.split("|").length))).toEqual(new Set([6, 9]));
});

test("any text stays on one line, without markup, and reads as it was", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" })), (text) => {
      for (const shown of [prose(text), code(text).replace(/^<code>|<\/code>$/g, "")]) {
        expect(shown).not.toMatch(markup);
        expect(shown).not.toMatch(/[\r\n]/);
      }
    }),
    { ...property, numRuns: 500 },
  );
  expect(read(prose("a (b) <c> | *d*")).replaceAll("\u2060", "")).toBe("a (b) <c> | *d*");
});

test("a text that begins as a list, a quote or a command does not become one", () => {
  expect(["- x", "1. x", "/close", "> x", "# x", "+ x", "= x"].map(prose)).toEqual([
    "&#45; x",
    "1&#46; x",
    "&#47;close",
    "&#62; x",
    "&#35; x",
    "&#43; x",
    "&#61; x",
  ]);
});

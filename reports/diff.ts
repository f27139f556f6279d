/** Lines around a change that are shown with it. */
const around = 3;

/** What changed in a text, line by line, as one piece with a few lines around it; empty when nothing did. */
export function diff(name: string, before: string, after: string): string {
  const [old, now] = [lines(before), lines(after)];
  const first = old.findIndex((line, at) => line !== now[at]);
  const from = first === -1 ? Math.min(old.length, now.length) : first;
  let same = 0;
  while (same < Math.min(old.length, now.length) - from && old.at(-1 - same) === now.at(-1 - same)) same += 1;
  const [gone, came] = [old.slice(from, old.length - same), now.slice(from, now.length - same)];
  if (gone.length + came.length === 0) return "";
  const lead = old.slice(Math.max(0, from - around), from);
  const tail = old.slice(old.length - same, old.length - same + around);
  const line = Math.max(0, from - around) + 1;
  const size = lead.length + tail.length;
  return [
    `--- ${name}`,
    `+++ ${name}`,
    `@@ -${line},${size + gone.length} +${line},${size + came.length} @@`,
    ...lead.map((text) => ` ${text}`),
    ...gone.map((text) => `-${text}`),
    ...came.map((text) => `+${text}`),
    ...tail.map((text) => ` ${text}`),
    "",
  ].join("\n");
}

function lines(text: string): readonly string[] {
  return text === "" ? [] : text.replace(/\r?\n$/, "").split(/\r?\n/);
}

import type { Verdict } from "./violation";

/** Every token of the sandbox holds this, and nothing else does. */
const marker = "SANDBOX-ONLY-";

/** As base64 of a text that holds it, wherever in it: without the ends, which depend on what stands before and behind. */
const encoded = [0, 1, 2].map((offset) =>
  Buffer.from(`${"x".repeat(offset)}${marker}`)
    .toString("base64")
    .slice(offset === 0 ? 0 : offset + 1, offset === 0 ? 16 : 17),
);

/** Whether a text holds a token in plain, or in base64. */
export function judgeLeak(where: string, text: string): Verdict {
  const found = [marker, ...encoded].find((needle) => text.includes(needle));
  return found === undefined ? undefined : { what: `a token stands in plain text in ${where}`, detail: where };
}

import { expect, test } from "vitest";
import { type Closing, closing } from "../../reports/closing";

const nothing: Closing = { today: "2026-11-30", deeds: [], places: new Map(), held: new Map(), failed: [] };

test("a run is told in one paragraph: minted, stored, proven, revoked, held and why, failed and why, and what is next", () => {
  const text = closing({
    ...nothing,
    deeds: [
      { account: "inventory", does: "mint", tokenId: 1203, generation: "2026-11-23" },
      { account: "scanner", does: "mint", tokenId: 1204, generation: "2026-11-30" },
      { account: "inventory", does: "prove", tokenId: 1203, generation: "2026-11-23" },
      { account: "inventory", does: "revoke", tokenId: 1201 },
    ],
    places: new Map([["inventory", 2]]),
    held: new Map([
      ["inventory", []],
      ["builder", ["adopted: it was last used at 2026-11-29"]],
    ]),
    failed: ["scanner: runbook:TokenProof failed: GitLab answered 502"],
    next: { date: "2026-12-07", account: "inventory", event: "retire" },
  });
  expect(text.split("\n")).toEqual([
    "Mon 30 Nov 2026: this run minted 2 tokens, proved 1 token, revoked 1 token, stored 1 token,",
    "holds 1 token. Next: the next run takes up what failed; Mon 7 Dec 2026, inventory: revoke old.",
    "  inventory: minted token 1203 (2026-11-23); proved token 1203 (2026-11-23); revoked token 1201;",
    "  stored in 2 places",
    "  scanner: minted token 1204 (2026-11-30)",
    "  builder: holds adopted: it was last used at 2026-11-29",
    "1 account failed, which held up no other:",
    "  scanner: runbook:TokenProof failed: GitLab answered 502",
  ]);
});

test("a token whose pipelines are still waited for is told as not proven, in a run that did nothing else as well", () => {
  const deeds = [{ account: "scanner", does: "mint", tokenId: 1204, generation: "2026-11-30" }];
  const proving = ["inventory", "scanner"];
  expect(closing({ ...nothing, deeds, places: new Map([["scanner", 2]]), proving }).split("\n")).toEqual([
    "Mon 30 Nov 2026: this run minted 1 token, stored 1 token. 2 tokens are not proven yet. Next: the",
    "next run looks at the pipelines again.",
    "  scanner: minted token 1204 (2026-11-30); stored in 2 places; not proven yet: its pipelines are",
    "  still waited for",
    "  inventory: not proven yet: its pipelines are still waited for",
  ]);
});

test("a run that had nothing to do is one line", () => {
  expect(closing(nothing)).toBe("Mon 30 Nov 2026: this run minted, stored and revoked nothing.");
});

test("of a thousand accounts it is no more than a screen, and nothing in it commands a terminal", () => {
  const names = Array.from({ length: 1000 }, (_, index) => `a${index}`);
  const text = closing(
    {
      ...nothing,
      deeds: names.map((account, tokenId) => ({ account, does: "mint", tokenId })),
      failed: names.map((name) => `${name}: failed \u001b[31m${"x".repeat(999)}; run it again`),
    },
    1000,
  );
  expect(text.split("\n")).toHaveLength(28);
  expect(text).toContain("  and 988 more\n1000 accounts failed, which held up no other:\n");
  expect(text).toContain("  and 988 more: see their errors");
  expect(text).not.toContain("\u001b");
  expect(Math.max(...text.split("\n").map(({ length }) => length))).toBe(600);
  // What to do stands at the end of a fault.
  expect(text).toContain("x; run it again");
});

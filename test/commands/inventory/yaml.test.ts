import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { Draft } from "../../../commands/inventory/drafts";
import { yaml, yamlList } from "../../../commands/inventory/yaml";

const token = {
  id: 7,
  name: "t",
  description: "",
  scopes: ["read_api"],
  userId: 1,
  createdAt: "2026-01-01T00:00:00Z",
  lastUsedAt: undefined,
  expiresAt: "2027-01-01",
  active: true,
  revoked: false,
};
const draft: Draft = {
  name: "robot",
  account: { owner: { group: "g" }, id: 1, username: "robot", name: "Robot", tokens: [] },
  token,
  expiresAt: "2027-01-01",
  dead: false,
  variables: [],
  items: [],
  notes: [],
};
const options = { startsOn: "2026-11-30", today: "2026-11-23", provable: [], wideScopes: ["api"] };

test("whatever people called things is read back as it was, and whatever is told of it stays a comment", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 60 }),
    fc.constantFrom("yes", "null", "1e3", "- a", "a: b", "a #b", "{x}", "*x", "&x", "'", '"', "a\nb: c", "‮x", "\\"),
  );
  fc.assert(
    fc.property(text, text, text, (name, title, note) => {
      const proofs = [{ project: "g/p", jobs: [title], schedules: [note] }];
      const written = yaml(
        {
          ...draft,
          account: { ...draft.account, name: note },
          token: { ...token, name },
          items: [{ vault: title, item: name, field: title }],
          notes: [note],
        },
        { ...options, provable: proofs },
      );
      const read = parse(yamlList([written, written]));
      expect(read).toHaveLength(2);
      expect(read[0]).toEqual(parse(written));
      expect(read[1]).toMatchObject({
        token: { name },
        onePassword: [{ vault: title, item: name, field: title }],
        proof: [{ project: "g/p", observed: true, jobs: [title] }],
      });
      expect(Object.keys(read[1])).toEqual(["name", "account", "token", "rotation", "adopt", "onePassword", "proof"]);
    }),
    { numRuns: 500 },
  );
});

test("what looks like a token is nowhere, whoever wrote it into a name or a description", () => {
  const value = `glpat-${"x".repeat(20)}`;
  const written = yaml(
    {
      ...draft,
      account: { ...draft.account, name: value },
      token: { ...token, name: `for ${value}`, description: value },
      items: [{ vault: value, item: value, field: value }],
      notes: [value],
    },
    options,
  );
  expect(written).not.toContain(value);
  expect(parse(written)).toMatchObject({ token: { name: "for [what looks like a token]" } });
});

test("of a description with a token in it nothing is told of the token, also where it is cut", () => {
  const secret = ["glpat", "AbCdEfGhIjKlMnOpQrSt"].join("-");
  for (const room of [0, 90, 95, 100, 105]) {
    const written = yaml({ ...draft, token: { ...token, description: `${"x".repeat(room)} ${secret}` } }, options);
    expect(written).not.toContain(secret.slice(0, 8));
  }
});

test("what it suggests for a proof can be uncommented as it stands", () => {
  const schedule = { project: "g/p", jobs: ["build"], schedules: ["Weekly"] };
  const written = yaml(draft, { ...options, provable: [schedule] });
  expect(written.replace(/\n *# (?!-)/g, " ")).toContain(
    "or have a schedule played, by one of these lines in place of that:",
  );
  const played = yamlList([written]).replace(/^( *)# (- .*)$/m, "$1$2");
  expect(parse(played)[0].proof).toEqual([
    { project: "g/p", observed: true, jobs: ["build"] },
    { project: "g/p", schedule: "Weekly", jobs: ["build"] },
  ]);
  const alone = yaml(draft, { ...options, provable: [{ ...schedule, schedules: [] }] });
  expect(alone).toContain("Leave those that use the token.\n");
});

test("what is told of a declaration stays within a hundred columns", () => {
  const note = "Somebody used it from a place that nobody declared, and nobody knows whose. ".repeat(4).trim();
  const provable = [{ project: "g/p", jobs: ["build"], schedules: ["Weekly"] }];
  const lines = yaml({ ...draft, notes: [note] }, { ...options, provable }).split("\n");
  expect(lines.filter((line) => line.length > 100)).toEqual([]);
  expect(lines.map((line) => line.replace(/^ *# /, "")).join(" ")).toContain(note);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Document, parse } from "yaml";
import { type Edit, EditError } from "../../../settings/edits/edit";
import { editFile } from "../../../settings/edits/editFile";
import { property } from "../../rotation/declarations";

// Not a file of the project: what its user declares is no business of its tests.
const prod = `# The accounts of this stack.
config:
  pat-rotation:fleet: platform # never change it
  # Days on which nothing rotates.
  pat-rotation:freezes:
    - { from: "2026-12-19", to: "2027-01-04" }
  pat-rotation:accounts:
    - name: scanner
      account: { group: security, username: gl-security-scanner }
      token: { name: Scanner, scopes: [read_api] }
      rotation:
        startsOn: "2026-11-30"
        extraDates: [{ date: "2026-12-14", reason: a maintainer left the team }]
    - name: inventory # key in resource names
      account: { group: security, username: gl-security-inventory }
      token:
        name: Inventory
        scopes: [api]
      rotation:
        startsOn: "2026-11-23" # the first new token
        everyDays: 336
      # adopt: { tokenId: 123, expiresAt: "2026-11-30" }
      variables:
        - { project: security/inventory-builder, key: GITLAB_API_TOKEN, masked: true, protected: true }
      # issue: { project: security/tracker, noticeDays: 30, notify: ["@security/architecture"] }
`;

const extra: Edit = { kind: "extra-date", account: "inventory", date: "2027-02-01", reason: "somebody left" };
const hold: Edit = { kind: "hold", account: "inventory", generation: "2026-11-23" };
const leak: Edit = {
  kind: "compromise",
  account: "inventory",
  generation: "2026-11-23",
  reason: "pasted into a chat: #42, @all",
  on: "2026-12-01",
};

/** What an edit changed: lines that went, and lines that came. */
function difference(before: string, after: string): { readonly gone: string[]; readonly came: string[] } {
  const [old, now] = [before.split("\n"), after.split("\n")];
  let from = 0;
  while (from < Math.min(old.length, now.length) && old[from] === now[from]) from += 1;
  let to = 0;
  while (to < Math.min(old.length, now.length) - from && old.at(-1 - to) === now.at(-1 - to)) to += 1;
  return { gone: old.slice(from, old.length - to), came: now.slice(from, now.length - to) };
}

const edited = (text: string, edit: Edit) => difference(text, editFile("Pulumi.prod.yaml", text, edit));

describe("in a file with comments, only the lines of the change change", () => {
  test("an extra date", () => {
    expect(edited(prod, extra)).toEqual({
      gone: [],
      came: ['        extraDates: [{ date: "2027-02-01", reason: "somebody left" }]'],
    });
    expect(edited(prod, { ...extra, account: "scanner" })).toEqual({
      gone: ['        extraDates: [{ date: "2026-12-14", reason: a maintainer left the team }]'],
      came: [
        '        extraDates: [{ date: "2026-12-14", reason: a maintainer left the team }, { date: "2027-02-01", reason: "somebody left" }]',
      ],
    });
  });

  test("a hold, and its end, which leaves the file as it was", () => {
    const held = editFile("Pulumi.prod.yaml", prod, hold);
    expect(difference(prod, held)).toEqual({ gone: [], came: ['      holdAt: "2026-11-23"'] });
    expect(editFile("Pulumi.prod.yaml", held, { kind: "release-hold", account: "inventory" })).toBe(prod);
  });

  test("a decommission and a leak", () => {
    expect(edited(prod, { kind: "decommission", account: "inventory", reason: "the builder is gone" })).toEqual({
      gone: [],
      came: ['      decommission: { reason: "the builder is gone" }'],
    });
    expect(edited(prod, leak)).toEqual({
      gone: [],
      came: [
        '      compromised: [{ generation: "2026-11-23", reason: "pasted into a chat: #42, @all", on: "2026-12-01" }]',
      ],
    });
  });

  test("an account that is taken in, with its comments", () => {
    const block = "# found by hand\nname: mirror # of the mirror\ntoken:\n  name: Mirror\n\n  scopes: [api]\n";
    expect(edited(prod, { kind: "adopt", account: "mirror", block }).came).toEqual([
      "    # found by hand",
      "    - name: mirror # of the mirror",
      "      token:",
      "        name: Mirror",
      "",
      "        scopes: [api]",
    ]);
  });
});

test("comments at the end of the last account stay with it", () => {
  const after = editFile("Pulumi.prod.yaml", prod, { kind: "adopt", account: "mirror", block: "name: mirror" });
  expect(after).toBe(`${prod.trimEnd()}\n    - name: mirror\n`);
  const list = "- name: a\n\n  # of a\n# of nobody\n";
  expect(editFile("accounts/a.yaml", list, { kind: "adopt", account: "mirror", block: "name: mirror" })).toBe(
    "- name: a\n\n  # of a\n- name: mirror\n# of nobody\n",
  );
});

test("a leak of the generation that is held ends the hold", () => {
  const after = editFile("Pulumi.prod.yaml", editFile("Pulumi.prod.yaml", prod, hold), leak);
  expect(after).toBe(editFile("Pulumi.prod.yaml", prod, leak));
});

test("an edit that was made already changes nothing; a leak gets the day that it lacked", () => {
  for (const edit of [extra, hold, leak]) {
    const once = editFile("Pulumi.prod.yaml", prod, edit);
    expect(editFile("Pulumi.prod.yaml", once, edit)).toBe(once);
  }
  const { on: _, ...undated } = leak;
  expect(editFile("Pulumi.prod.yaml", editFile("Pulumi.prod.yaml", prod, undated), leak)).toBe(
    editFile("Pulumi.prod.yaml", prod, leak),
  );
  const known = editFile("Pulumi.prod.yaml", prod, leak);
  expect(editFile("Pulumi.prod.yaml", known, { ...undated, reason: "again" })).toBe(known);
  expect(editFile("Pulumi.prod.yaml", known, { ...leak, on: "2026-12-09", reason: "again" })).toBe(
    known.replace('on: "2026-12-01"', 'on: "2026-12-09"'),
  );
});

test("another reason for the same date takes the place of the first", () => {
  const once = editFile("Pulumi.prod.yaml", prod, extra);
  expect(difference(once, editFile("Pulumi.prod.yaml", once, { ...extra, reason: "two left" }))).toEqual({
    gone: ['        extraDates: [{ date: "2027-02-01", reason: "somebody left" }]'],
    came: ['        extraDates: [{ date: "2027-02-01", reason: "two left" }]'],
  });
});

describe("however the account is written", () => {
  const changed = (text: string, edit: Edit = extra) => editFile("accounts/inventory.yaml", text, edit);
  test.each([
    ["all in one line", "{ name: inventory, rotation: { startsOn: x, } }", "{ startsOn: x, extraDates: [{"],
    [
      "a list of lines",
      "name: inventory\nrotation:\n  extraDates:\n  - date: a # 1\n  # 2\n",
      '\n  - { date: "2027-02-01"',
    ],
    ["a key without a value", "name: inventory\nrotation:\n  extraDates: # none yet\n", "extraDates: [{ date"],
    ["an empty list", "name: inventory\nrotation:\n  extraDates: [] # none yet\n", '"somebody left" }] # none yet\n'],
    ["an empty block", "name: inventory\nrotation: {}\n", "rotation: { extraDates: [{"],
    ["without a line's end", "name: inventory\nrotation:\n  startsOn: x", "startsOn: x\n  extraDates: [{"],
    ["with DOS lines", "name: inventory\r\nrotation:\r\n  startsOn: x\r\n", "startsOn: x\r\n  extraDates: [{"],
    ["a member of a list", "- name: other\n- rotation:\n    startsOn: x\n  name: inventory\n", "    extraDates: [{"],
    [
      "a text of many lines",
      "name: inventory\nrotation:\n  startsOn: |\n    x\n\n# the end\n",
      "    x\n  extraDates: [{",
    ],
  ])("%s", (_, text, expected) => {
    expect(changed(text)).toContain(expected);
  });

  test("a hold that stands first among a list's keys goes without its hyphen", () => {
    const text = '- holdAt: "x"\n  name: inventory\n';
    expect(changed(text, { kind: "release-hold", account: "inventory" })).toBe("- name: inventory\n");
  });

  test.each([
    ["an alias", "base: &base\n  startsOn: x\nname: inventory\nrotation: *base\n"],
    ["a merge", "base: &base\n  rotation: { startsOn: x }\nname: inventory\n<<: *base\n"],
    ["no block at all", "name: inventory\nrotation: soon\n"],
  ])("%s is left to a person, and nothing is guessed", (_, text) => {
    expect(() => changed(text)).toThrow(EditError);
  });
});

test("an account that the file does not declare, or a file that is no YAML, is refused", () => {
  expect(() => editFile("Pulumi.prod.yaml", prod, { ...hold, account: "nobody" })).toThrow(
    'Editing Pulumi.prod.yaml: it declares no account "nobody".',
  );
  expect(() => editFile("Pulumi.prod.yaml", "config: [", hold)).toThrow("Mend it first");
});

describe("an account that is taken in", () => {
  const block = "name: mirror\ntoken: { name: Mirror }";
  const adopt: Edit = { kind: "adopt", account: "mirror", block };

  test("in a stack without accounts of its own, in a list, in a new file, from a list of blocks", () => {
    expect(editFile("Pulumi.prod.yaml", "config:\n  pat-rotation:fleet: x\n", adopt)).toBe(
      "config:\n  pat-rotation:fleet: x\n  pat-rotation:accounts:\n    - name: mirror\n      token: { name: Mirror }\n",
    );
    expect(editFile("accounts/a.yaml", "- name: a\n", adopt)).toBe(
      "- name: a\n- name: mirror\n  token: { name: Mirror }\n",
    );
    const line = "# yaml-language-server: $schema=../settings/schema/accounts.json\n";
    expect(editFile("accounts/a.yaml", "", adopt)).toBe(`${line}${block}\n`);
    // Of a draft that has such a line itself.
    expect(editFile("accounts/team/a.yaml", "", { ...adopt, block: line + block })).toBe(
      `${line.replace("../", "../../")}${block}\n`,
    );
    expect(editFile("accounts/a.yaml", "- name: a\n", { ...adopt, block: line + block })).not.toContain("schema");
    const list = `- name: other\n- name: mirror\n  token: { name: Mirror }\n`;
    expect(editFile("accounts/a.yaml", "", { ...adopt, block: list })).toBe(`${line}${block}\n`);
  });

  test("the same block a second time changes nothing; another of that name is refused", () => {
    const once = editFile("Pulumi.prod.yaml", prod, adopt);
    expect(editFile("Pulumi.prod.yaml", once, adopt)).toBe(once);
    expect(() => editFile("Pulumi.prod.yaml", once, { ...adopt, block: "name: mirror" })).toThrow(
      "declares it already",
    );
  });

  test("a text without its block, and a file of one account, are refused", () => {
    expect(() => editFile("accounts/a.yaml", "", { ...adopt, account: "other" })).toThrow("holds no block");
    expect(() => editFile("accounts/a.yaml", "name: a\n", adopt)).toThrow("a file of its own");
  });
});

describe("for any declaration, however it is laid out", () => {
  const word = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom("no", "1_000", "2026-11-23", "#", "a: b", "- x"));
  const reason = word.map((text) => `r ${text}`);
  const day = fc.constantFrom("2026-12-01", "2026-12-14", "2027-02-01");
  const generation = fc.constantFrom("adopted", "2026-11-23", "2026-11-30.2");
  const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
  const rotation = fc.record(
    {
      startsOn: fc.constant("2026-11-23"),
      extraDates: fc.uniqueArray(fc.record({ date: day, reason }), { maxLength: 2, selector: ({ date }) => date }),
      weekday: fc.constant("any"),
    },
    { requiredKeys: ["startsOn"] },
  );
  const account = fc.record(
    {
      rotation,
      holdAt: generation,
      compromised: fc.uniqueArray(fc.record({ generation, reason }), {
        maxLength: 2,
        selector: (one) => one.generation,
      }),
      decommission: fc.record({ reason }),
      token: fc.record({ name: word, scopes: fc.array(word, { maxLength: 2 }) }),
    },
    { requiredKeys: ["rotation"] },
  );
  const edit: fc.Arbitrary<Edit> = fc.oneof(
    fc.record({ kind: fc.constant("extra-date" as const), account: fc.constant("a"), date: day, reason }),
    fc.record({ kind: fc.constant("hold" as const), account: fc.constant("a"), generation }),
    fc.record({ kind: fc.constant("release-hold" as const), account: fc.constant("a") }),
    fc.record({ kind: fc.constant("decommission" as const), account: fc.constant("a"), reason }),
    fc.record({
      kind: fc.constant("compromise" as const),
      account: fc.constant("a"),
      generation,
      reason,
      on: maybe(day),
    }),
  );
  const layout = fc.record({
    flow: fc.integer({ min: 0, max: 4 }),
    indent: fc.constantFrom(2, 4),
    comments: fc.boolean(),
  });

  /** A declaration as text: blocks from a depth on in one line, comments between the others. */
  function written(
    accounts: readonly object[],
    { flow, indent, comments }: { flow: number; indent: number; comments: boolean },
  ) {
    const document = new Document({ config: { "pat-rotation:fleet": "f", "pat-rotation:accounts": accounts } });
    const walk = (node: unknown, depth: number): void => {
      if (typeof node !== "object" || node === null || !("items" in node)) return;
      if (depth > 2 + flow) Object.assign(node, { flow: true });
      for (const item of node.items as readonly unknown[]) {
        const value = typeof item === "object" && item !== null && "value" in item ? item.value : item;
        if (comments && depth > 1 && depth <= 2 + flow) Object.assign(item as object, { commentBefore: " said" });
        walk(value, depth + 1);
      }
    };
    walk(document.contents, 0);
    return document.toString({ indent, lineWidth: 0, flowCollectionPadding: comments });
  }

  test("what is read afterwards is the change, all else is kept, and only lines of the change differ", () => {
    const neighbour = { name: "b", rotation: { startsOn: "2026-11-23" } };
    fc.assert(
      fc.property(account, edit, layout, (one, change, look) => {
        const own = { name: "a", ...one };
        const text = written([neighbour, own, neighbour], look);
        const after = editFile("Pulumi.prod.yaml", text, change);
        const [first, now, last] = parse(after).config["pat-rotation:accounts"];
        expect([first, last]).toEqual([neighbour, neighbour]);
        expect(told(now, change)).toBe(true);
        expect(editFile("Pulumi.prod.yaml", after, change)).toBe(after);
        const { gone, came } = difference(text, after);
        if (look.flow === 4 && change.kind !== "compromise") expect(gone.length + came.length).toBeLessThanOrEqual(2);
      }),
      property,
    );
  });

  // biome-ignore lint/suspicious/noExplicitAny: what YAML holds
  function told(now: any, change: Edit): boolean {
    switch (change.kind) {
      case "extra-date":
        return now.rotation.extraDates.some(
          (one: { date: string; reason: string }) => one.date === change.date && one.reason === change.reason,
        );
      case "hold":
        return now.holdAt === change.generation;
      case "release-hold":
        return !("holdAt" in now);
      case "decommission":
        return now.decommission.reason === change.reason;
      case "compromise":
        return (
          now.compromised.some((one: { generation: string }) => one.generation === change.generation) &&
          now.holdAt !== change.generation
        );
      default:
        return false;
    }
  }
});

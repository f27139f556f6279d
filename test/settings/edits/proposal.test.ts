import { describe, expect, test } from "vitest";
import { type Edit, EditError } from "../../../settings/edits/edit";
import { fileOf, leak, proposal, withFile } from "../../../settings/edits/proposal";
import { accountYaml, stackYaml, tree } from "../trees";

const stack = "prod";
const today = "2026-12-10";
const file = "Pulumi.prod.yaml";
const one = (more = "") => tree({ [file]: stackYaml(more) });
const what = { account: "inventory", generation: "2026-11-23", reason: "in a chat" };

test("the plan is of the account alone, and says what merging does", () => {
  const files = tree({
    [file]: stackYaml("  pat-rotation:accountFiles: [accounts/*.yaml]"),
    "accounts/b.yaml": accountYaml("b"),
  });
  const edit: Edit = { kind: "extra-date", account: "b", date: "2027-02-01", reason: "somebody left" };
  const made = proposal(files, { stack, edit, today });
  expect([made.file, made.changes]).toEqual(["accounts/b.yaml", true]);
  const [plan] = made.plan.stacks;
  expect(plan?.changes?.map(({ account }) => account)).toEqual(["b"]);
  expect(new Set(plan?.calendar.map(({ account }) => account))).toEqual(new Set(["b"]));
  expect(plan?.summary).toContain("Merging");
});

test("an account that cannot be used holds up no change of another", () => {
  const files = tree({
    [file]: stackYaml("  pat-rotation:accountFiles: [accounts/*.yaml]"),
    "accounts/b.yaml": accountYaml("b").replace("2026-11-23", "soon"),
  });
  const edit: Edit = { kind: "decommission", account: "inventory", reason: "it is gone" };
  expect(proposal(files, { stack, edit, today }).changes).toBe(true);
  expect(() => proposal(files, { stack, edit: { ...edit, account: "b" }, today })).toThrow("cannot be used");
});

describe("a leak", () => {
  test("of the token in use opens another today; of one that was replaced, none", () => {
    expect(leak(one(), stack, what, today)).toMatchObject({ on: today });
    const replaced = tree({
      [file]: stackYaml().replace('"2026-11-23" }', '"2026-11-23", extraDates: [{ date: "2026-12-01" }] }'),
    });
    expect(leak(replaced, stack, what, today).on).toBeUndefined();
    expect(leak(replaced, stack, { ...what, on: "2026-12-12" }, today).on).toBe("2026-12-12");
  });

  test("of the one that is held ends the hold, and needs no other when a later one has opened", () => {
    const held = tree({
      [file]: stackYaml('      holdAt: "2026-11-23"').replace(
        '"2026-11-23" }',
        '"2026-11-23", extraDates: [{ date: "2026-12-01" }] }',
      ),
    });
    const edit = leak(held, stack, what, today);
    expect(edit.on).toBeUndefined();
    const made = proposal(held, { stack, edit, today });
    expect(made.text).not.toContain("holdAt");
    expect(made.plan.stacks[0]?.summary).toContain("Merging");
  });

  test("that is declared already gets no other day", () => {
    const edit = leak(one(), stack, what, "2026-12-01");
    const declared = withFile(one(), file, proposal(one(), { stack, edit, today: "2026-12-01" }).text);
    const again = proposal(declared, { stack, edit: leak(declared, stack, what, today), today });
    expect(again.changes).toBe(false);
  });

  test("on the day of its own generation opens a second one of that day", () => {
    const edit = leak(one(), stack, what, "2026-11-23");
    const made = proposal(one(), { stack, edit, today: "2026-11-23" });
    const mints = made.plan.stacks[0]?.calendar
      .filter(({ event }) => event === "mint")
      .map((event) => event.generation);
    expect(mints?.[0]).toBe("2026-11-23.2");
  });
});

describe("an account that is taken in", () => {
  const adopt: Edit = { kind: "adopt", account: "b", block: accountYaml("b") };

  test("goes to a file that the patterns take in, and to no other", () => {
    const files = tree({
      [file]: stackYaml("  pat-rotation:accountFiles: [accounts/*.yaml]"),
      "accounts/a.yaml": accountYaml("a"),
    });
    const made = proposal(files, { stack, edit: adopt, today, file: "accounts/b.yaml" });
    const line = "# yaml-language-server: $schema=../settings/schema/accounts.json";
    expect([made.file, made.text]).toEqual(["accounts/b.yaml", `${line}\n${accountYaml("b").trim()}\n`]);
    expect(() => proposal(files, { stack, edit: adopt, today, file: "other/b.yaml" })).toThrow("no pattern");
  });

  test("whose block cannot be used is refused with what is wrong", () => {
    const edit = { ...adopt, block: "name: b\n" };
    expect(() => proposal(one(), { stack, edit, today })).toThrow(EditError);
    expect(() => proposal(one(), { stack, edit, today })).toThrow("token");
  });
});

test("a project with one file changed lists a new file where it is", () => {
  const changed = withFile(tree({ "a/b.yaml": "" }), "a/c.yaml", "x");
  expect([changed.list("a"), changed.list("b"), changed.list(""), changed.read("a/c.yaml")]).toEqual([
    ["a/b.yaml", "a/c.yaml"],
    [],
    [],
    "x",
  ]);
  expect(fileOf(one(), stack, "nobody")).toBeUndefined();
});

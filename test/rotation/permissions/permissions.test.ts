import { describe, expect, test } from "vitest";
import { html } from "../../../reports/html";
import { markdown } from "../../../reports/markdown";
import { text } from "../../../reports/text";
import { parseSettings, SettingsError } from "../../../rotation/declaration/settings";
import { permissionNames, widenings } from "../../../rotation/permissions/permissions";
import { planStack, verdict } from "../../../rotation/plan/plan";
import { account, settings } from "../declarations";

const own = { user: true as const, allow: ["read_personal_access_token"] };
const builder = { project: "security/builder", allow: ["read_job", "run_job"] };

function parsed(token: object) {
  const one = {
    name: "inventory",
    account: { group: "security", username: "robot" },
    rotation: { startsOn: "2026-11-23" },
  };
  return parseSettings({ fleet: "platform", accounts: [{ ...one, token: { name: "Inventory", ...token } }] });
}

function faults(token: object): readonly string[] {
  try {
    parsed(token);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.faults.map(
      ({ path, found, expected }) => `${path.replace("accounts[0].token.", "")}: ${found} / ${expected}`,
    );
  }
}

test("our list of GitLab's permissions has each name once", () => {
  expect(permissionNames.length).toBe(577);
  expect(new Set(permissionNames).size).toBe(permissionNames.length);
  expect(permissionNames.every((name) => /^[a-z][a-z0-9_]+$/.test(name))).toBe(true);
});

describe("a token declared by permissions", () => {
  test("is of the only scope that GitLab shows of one", () => {
    expect(parsed({ permissions: [own, builder] }).accounts[0]?.token).toEqual({
      name: "Inventory",
      description: "",
      scopes: ["granular"],
      permissions: [own, builder],
    });
  });

  test("has scopes or permissions, one of the two", () => {
    expect(faults({})).toEqual([
      "permissions: nothing, and no scopes / what its tokens may do (or scopes, for legacy tokens)",
    ]);
    expect(faults({ scopes: ["api"], permissions: [own, builder] })).toEqual([
      "scopes: permissions as well / one of them only",
    ]);
    expect(faults({ scopes: ["granular"] })[0]).toContain("what a fine-grained token may do goes to permissions");
  });

  test.each([
    ["read_jobs", '"read_job", if that is what you mean'],
    ["Job: Run", '"run_job", if that is what you mean'],
    ["play_everything_there_is", "one that is newer goes to unlisted"],
    ["read_metadata", "it in a block with instance: GitLab has read_metadata for that alone"],
  ])("is told what was probably meant by %s", (name, expected) => {
    const [fault] = faults({ permissions: [own, { project: "security/builder", allow: [name] }] });
    expect(fault).toMatch(/^permissions\[1\]\.allow\[0\]: /);
    expect(fault).toContain(expected);
  });

  test("takes newer names where they are said to be such, and a project's for a group", () => {
    const newer = { group: "security", allow: ["read_job"], unlisted: ["read_rainbow"] };
    expect(faults({ permissions: [own, newer, { allMemberships: true, allow: ["read_project"] }] })).toEqual([]);
  });

  test("says one place in a block, each once, and what a token is asked with", () => {
    expect(faults({ permissions: [own, { ...builder, group: "security" }] })).toEqual([
      "permissions[1]: project and group / exactly one of project, group, allMemberships, user, instance",
    ]);
    expect(faults({ permissions: [own, builder, { project: "Security/Builder", allow: ["read_job"] }] })).toEqual([
      "permissions[2]: a second block for one place / both in one block",
    ]);
    expect(faults({ permissions: [builder] })[0]).toContain("without it no run can ask a token who it is");
    expect(faults({ permissions: [own, { project: "security/builder" }] })[0]).toContain("at least one of permissions");
  });
});

describe("what an edit lets tokens do", () => {
  const fine = (...blocks: readonly object[]) => ({
    scopes: ["granular"],
    permissions: blocks as readonly { readonly allow: readonly string[] }[],
  });

  test("is wider where a permission, a place or a kind of token is new", () => {
    expect(widenings(fine(own, builder), fine(own, { ...builder, allow: ["read_job", "update_job"] }))).toEqual([
      "update_job in project security/builder",
    ]);
    expect(widenings(fine(builder), fine({ group: "security", allow: ["read_job"] }))).toEqual([
      "read_job in group security and all below it",
    ]);
    expect(widenings(fine(builder), { scopes: ["read_api"] })).toEqual([
      "the scope read_api, wherever the account is a member",
    ]);
    expect(widenings({ scopes: ["read_api"] }, fine(builder))).toEqual(["run_job in project security/builder"]);
    expect(widenings({ scopes: ["read_api"] }, { scopes: ["api"] })).toHaveLength(1);
  });

  test("is not wider where less is said, or what was said of a group above", () => {
    expect(widenings({ scopes: ["api"] }, fine(own, builder))).toEqual([]);
    expect(widenings(fine({ group: "Security", allow: ["read_job", "run_job"] }), fine(builder))).toEqual([]);
    expect(widenings(fine({ group: "sec", allow: ["read_job", "run_job"] }), fine(builder))).toHaveLength(1);
    expect(widenings(fine({ allMemberships: true, allow: builder.allow }), fine(builder))).toEqual([]);
    expect(widenings({ scopes: ["api"] }, { scopes: ["read_api"] })).toEqual([]);
  });
});

describe("a plan", () => {
  const narrow = { name: "Inventory", description: "", scopes: ["granular"], permissions: [own, builder] } as const;
  const of = (token: ReturnType<typeof account>["token"]) => settings([account({ token })]);
  const stack = (before: Parameters<typeof of>[0], after: Parameters<typeof of>[0]) =>
    planStack({ stack: "prod", files: [], settings: of(after), before: of(before) }, "2026-12-01", 30);
  const plan = (one: ReturnType<typeof stack>) => ({
    asOf: "2026-12-01",
    days: 30,
    of: "HEAD",
    stacks: [one],
    notes: [],
  });

  test("shows a widening in red, in each of its forms", () => {
    const wider = stack(narrow, {
      ...narrow,
      permissions: [own, { ...builder, allow: [...builder.allow, "delete_job"] }],
    });
    expect(wider.changes?.[0]?.widenings).toEqual(["delete_job in project security/builder"]);
    expect(wider.accounts[0]?.permissions).toContain("read_job, run_job, delete_job in project security/builder");
    expect(text(plan(wider), { color: true, width: 200 })).toContain(
      "\u001b[31mMay do more: delete_job in project security/builder\u001b[39m",
    );
    expect(markdown(plan(wider))).toContain(":red_circle: **May do more: delete&#95;job in project security/builder**");
    expect(html(plan(wider))).toContain('<li class="wider">May do more: delete_job in project security/builder</li>');
  });

  test("refuses legacy tokens after fine-grained ones, unless they have a reason", () => {
    const legacy = { name: "Inventory", description: "", scopes: ["read_api"] };
    const back = stack(narrow, legacy);
    expect(back.findings[0]).toMatchObject({ policy: "legacy-tokens", severity: "error" });
    expect(verdict([back])).toBe("policy");
    const reasoned = stack(narrow, { ...legacy, legacyReason: "a script of 2019 takes nothing else" });
    expect(reasoned.findings.map(({ policy }) => policy)).not.toContain("legacy-tokens");
    expect(reasoned.changes?.[0]?.widenings).toHaveLength(1);
  });
});

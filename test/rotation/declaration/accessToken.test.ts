import { describe, expect, test } from "vitest";
import { userText } from "../../../rotation/declaration/accessToken";
import { parseSettings, SettingsError } from "../../../rotation/declaration/settings";
import { leastPermissions } from "../../../rotation/permissions/least";
import { changes } from "../../../rotation/plan/changes";

const base = {
  name: "registry",
  account: { project: "security/portal", accessToken: "reporter" },
  token: { name: "Registry", scopes: ["read_api"] },
  rotation: { startsOn: "2026-11-23" },
};

const parsed = (changes: object = {}) => parseSettings({ fleet: "f", accounts: [{ ...base, ...changes }] });

function faults(changes: object): string[] {
  try {
    parsed(changes);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.message.split("\n").filter((line) => line.includes("accounts[0]"));
  }
}

describe("access tokens of a group or project", () => {
  test("are declared by the role of their bot, without a user", () => {
    expect(parsed().accounts[0]?.account).toEqual({
      project: "security/portal",
      accessToken: "reporter",
      username: "",
    });
    expect(userText({ project: "a/b", accessToken: "reporter", username: "" })).toBe(
      "a project access token (role reporter)",
    );
    expect(userText({ group: "a", accessToken: "owner", username: "" })).toBe("a group access token (role owner)");
  });

  test("have no user of their own, no permissions, and belong to nobody else", () => {
    const named = { group: "security", accessToken: "reporter", username: "robot" };
    expect(faults({ account: named }).join()).toContain("account.username");
    const owned = { project: "security/portal", accessToken: "reporter", own: { name: "Robot" } };
    expect(faults({ account: owned }).join()).toContain("account.own");
    expect(faults({ account: { instance: true, accessToken: "reporter" } }).join()).toContain(
      "group or project beside it",
    );
    expect(faults({ account: { project: "a/b", accessToken: "boss" } }).join()).toContain("accessToken");
    const permissions = [{ user: true, allow: ["read_personal_access_token"] }];
    expect(faults({ token: { name: "Registry", permissions } }).join()).toContain("token.permissions");
  });

  test("deploy tokens are refused, with why and what does the same work", () => {
    const [fault = "", ...more] = faults({ account: { project: "security/portal", deployToken: true } });
    expect(fault).toContain("account.deployToken");
    expect(fault).toContain("nobody can ask a deploy token who it is");
    expect(fault).toContain("accessToken with a role, or a service account");
    expect(more).toEqual([]);
  });

  test("take just the permissions of access tokens from a fine-grained credential", () => {
    const [account] = parsed().accounts;
    const needs = account === undefined ? [] : leastPermissions(account);
    expect(needs.find(({ project }) => project === "security/portal")?.allow).toEqual([
      "create_resource_access_token",
      "delete_resource_access_token",
      "read_member",
      "read_project",
      "read_resource_access_token",
    ]);
  });

  test("a higher role of the next token is a widening, a lower one is not; neither is another user", () => {
    const after = parsed({ account: { ...base.account, accessToken: "maintainer" } });
    const [change] = changes(parsed(), after, "2026-12-01");
    expect(change?.widenings).toEqual(["the role maintainer in project security/portal"]);
    expect(change?.details.join()).toContain("account.accessToken");
    expect(change?.details.join()).not.toContain("Declare a new account instead");
    expect(changes(after, parsed(), "2026-12-01")[0]?.widenings).toBeUndefined();
  });
});

import { describe, expect, it } from "vitest";
import type { VariableTarget } from "../../../../contract/types/places";
import { account } from "../../../../providers/runbook/account/account";
import { accountInputs, benches, inventory, refusal } from "../bench";

const bench = benches();
const key = "GITLAB_API_TOKEN";
const { project } = inventory;
const ofProject = () => bench().sandbox.gitlab.state.projects.get(project);
const ofGroup = () => bench().sandbox.gitlab.state.groups.get("security");
const scoped = (environmentScope: string) => {
  const [first] = ofProject()?.variables ?? [];
  if (first === undefined) throw new Error("the project has a variable at the start");
  return { ...first, environmentScope };
};

/** What an account is warned of, and its requests for variables. */
async function warned(variables: readonly VariableTarget[] = [{ project, key }]) {
  const { context, said, requests } = bench();
  await account.create(accountInputs({ variables }), context);
  return { said, requests: requests().filter((request) => request.includes("/variables")) };
}

const one = `GET /projects/${project}/variables/${key}`;

describe("a variable that others stand before", () => {
  it("costs one request while there is none, and nothing is said", async () => {
    expect(await warned()).toEqual({ said: [], requests: [`${one} 200`] });
  });

  it("is told when another scope has the same key, with one request more", async () => {
    ofProject()?.variables.push(scoped("production"));
    expect(await warned()).toEqual({
      said: [
        `account "inventory": variable "${key}" of project "${project}" exists in another environment scope than the declared "*" as well: jobs of that environment see its value. If it is to hold this token, declare it too, with its "environmentScope".`,
      ],
      requests: [`${one} 409`, `${one} 200`],
    });
  });

  it("is told when only another scope has the key, and the declared one is to be made", async () => {
    ofProject()?.variables.splice(0, 1, scoped("production"));
    const { said, requests } = await warned();
    expect(said.join()).toContain('in another environment scope than the declared "*"');
    expect(requests).toEqual([`${one} 200`]);
  });

  it("is not told when the account declares the scopes itself", async () => {
    ofProject()?.variables.push(scoped("production"));
    const both = [
      { project, key },
      { project, key, environmentScope: "production" },
    ];
    expect((await warned(both)).said).toEqual([]);
  });

  it("is told, by one list, when there is a scope beside the several that are declared", async () => {
    ofProject()?.variables.push(scoped("production"));
    const both = [
      { project, key },
      { project, key, environmentScope: "production" },
    ];
    ofProject()?.variables.push(scoped("staging"), { ...scoped("review/*"), key: "ANOTHER" });
    const { said, requests } = await warned(both);
    expect(said).toEqual([
      `account "inventory": variable "${key}" of project "${project}" exists in other environment scopes ("staging") than the declared "*", "production" as well: jobs of that environment see its value. If it is to hold this token, declare it too, with its "environmentScope".`,
    ]);
    expect(requests.filter((request) => request.startsWith(`GET /projects/${project}/variables `))).toHaveLength(1);
  });

  it("is refused when a project's own stands before the group's", async () => {
    const [variable] = ofProject()?.variables ?? [];
    if (variable !== undefined) ofGroup()?.variables.push({ ...variable });
    const { context, requests } = bench();
    const told = await refusal(account.create(accountInputs({ variables: [{ group: "security", key }] }), context));
    expect(told).toContain(
      `variable "${key}" of project "${project}" counts there, and not the declared one of group "security": schedule "${inventory.schedule}" would prove nothing. If it is to hold this token, declare it too; else delete it, or let another pipeline prove the token.`,
    );
    expect(requests().filter((request) => request.includes("/variables"))).toEqual([
      `GET /groups/security/variables/${key} 200`,
      `${one} 200`,
    ]);
  });

  it("is told when a project's own stands before the group's in some environments", async () => {
    const [variable] = ofProject()?.variables ?? [];
    if (variable !== undefined) ofGroup()?.variables.push({ ...variable });
    ofProject()?.variables.splice(0, 1, scoped("production"));
    expect((await warned([{ group: "security", key }])).said.join()).toContain(
      `variable "${key}" of project "${project}" counts there before the declared one of group "security" in the environments "production"`,
    );
  });

  it("is not told of a project whose own is declared, or has none", async () => {
    const [variable] = ofProject()?.variables ?? [];
    if (variable !== undefined) ofGroup()?.variables.push({ ...variable });
    const declared = [
      { group: "security", key },
      { project, key },
    ];
    expect((await warned(declared)).said).toEqual([]);
    ofProject()?.variables.splice(0);
    expect((await warned([{ group: "security", key }])).said).toEqual([]);
  });
});

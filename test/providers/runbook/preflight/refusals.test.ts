import { describe, expect, it } from "vitest";
import type { AccountInputs } from "../../../../contract/account";
import { account } from "../../../../providers/runbook/account/account";
import { personalAccessToken } from "../../../../providers/runbook/token/personalAccessToken";
import { accountInputs, benches, generationInputs, inventory, refusal } from "../bench";

const bench = benches();
const { project, title } = inventory;
const key = "GITLAB_API_TOKEN";
const urn = "urn:pulumi:sandbox::pat-rotation::runbook:index:Account::inventory";
const context = () => ({ ...bench().context, urn });

/** What is said before anything is minted. */
const refused = (changes: Partial<AccountInputs> = {}) => refusal(account.create(accountInputs(changes), context()));
const passes = async (changes: Partial<AccountInputs> = {}) =>
  expect((await account.create(accountInputs(changes), context())).outputs.userId).toBe(inventory.userId);

const item = () => {
  for (const vault of bench().sandbox.onepassword.state.vaults.values())
    for (const one of vault.items.values()) if (one.title === title) return one;
  throw new Error("the vault has the item at the start");
};

function own(newItem: string) {
  return { items: [{ vault: "Security", newItem }] };
}

describe("before anything is minted, what a write would be refused for is told", () => {
  it("of a project that has moved, with its new path", async () => {
    bench().sandbox.gitlab.moveProject(project, "security/builder");
    expect(await refused()).toContain(
      `project "${project}" has moved to "security/builder": GitLab lets it be read by the old path, and refuses to write. Declare the new one.`,
    );
  });

  it.each(["OTP", "DATE", "MENU"])("of a field of the type %s", async (type) => {
    const field = item().fields?.find(({ label }) => label === "credential");
    if (field !== undefined) field.type = type;
    expect(await refused()).toContain(
      `field "credential" of 1Password item "${title}" in vault "Security": it has the type ${type}, which holds no such value`,
    );
  });

  it("of an item that is named by its id, and archived", async () => {
    item().state = "ARCHIVED";
    const items = [{ vault: "Security", item: item().id, field: "credential" }];
    expect(await refused({ items })).toContain("the item is archived. Restore it in 1Password, or name another one");
  });

  it("of a variable that exists and is visible, where a hidden one is declared, and the other way round", async () => {
    const [variable] = bench().sandbox.gitlab.state.projects.get(project)?.variables ?? [];
    const hidden = { project, key, protected: true, hidden: true };
    expect(await refused({ variables: [hidden] })).toContain(
      `variable "${key}" of project "${project}": it is not hidden, and GitLab decides that when a variable is made`,
    );
    Object.assign(variable ?? {}, { hidden: true, masked: true });
    await passes({ variables: [hidden] });
    expect(await refused({ variables: [{ ...hidden, hidden: false }] })).toContain("it is hidden, and GitLab decides");
    expect(await refused({ variables: [{ project, key, masked: false }] })).toContain("GitLab masks every hidden one");
  });

  it("of an item of its own whose title somebody gave to another by hand", async () => {
    Object.assign(item(), { category: "API_CREDENTIAL", tags: [] });
    expect(await refused(own(title))).toContain(
      `the item "${title}" of its own in the 1Password vault "Security": an item of that title is there already (${item().id}), made by hand. Declare another title under "newItem"`,
    );
    Object.assign(item(), { tags: ["pulumi/pat-rotation/other/inventory-vault"] });
    expect(await refused(own(title))).toContain("made by another stack or resource");
  });

  it("of an item of its own that was made, and is archived", async () => {
    const tags = ["pulumi/pat-rotation/sandbox/inventory-vault"];
    Object.assign(item(), { category: "API_CREDENTIAL", tags });
    await passes(own(title));
    item().state = "ARCHIVED";
    expect(await refused(own(title))).toContain("it was made (");
    expect(await refused(own(title))).toContain("and is archived. Restore it in 1Password");
  });

  it.each([
    ["a field", {}],
    ["an item that is yet to be made", own("A new one")],
  ])("of a vault that may only be read: %s", async (_, changes) => {
    await passes(changes);
    process.env.OP_CONNECT_TOKEN = bench().sandbox.onepassword.tokenValue("connect-read-only");
    expect(await refused(changes)).toContain('the 1Password vault "Security" may not be written: ');
  });

  it("of a lifetime that this GitLab does not allow, in the declaration's words", async () => {
    const inputs = generationInputs({ expiresAt: "2027-12-31" });
    expect(await refusal(personalAccessToken.create(inputs, context()))).toContain('lower "rotation.lifetimeDays"');
    expect(bench().sandbox.gitlab.liveTokens(inventory.username)).toEqual([]);
  });
});

import { afterEach, beforeEach, expect, test } from "vitest";
import { Connect } from "../../../clients/onepassword/connect";
import type { ItemInputs } from "../../../providers/onepassword/item/inputs";
import { item as itemResource } from "../../../providers/onepassword/item/item";
import { type ItemFieldInputs, itemField } from "../../../providers/onepassword/itemField";
import type { Sandbox } from "../../../workshop/sandbox/controls";
import { startSandbox } from "../../../workshop/sandbox/sandbox";
import { contextOf } from "../../clients/onepassword/connect";

const title = "GitLab Security Service - Architecture - Inventory";
const field: ItemFieldInputs = { vault: "Security", item: title, field: "credential", value: "the-new-value" };
const item: ItemInputs = {
  vault: "Security",
  title: "Made here",
  category: "api_credential",
  credential: "the-new-value",
  expiresAt: "2027-11-23",
};

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.stop());

const connect = () => Connect.fromEnvironment(sandbox.environment);
const sent = () => sandbox.onepassword.requests.map(({ method, status }) => `${method} ${status}`);

test("a field of an item made by hand is set with three reads and one patch, and nothing else of it changes", async () => {
  const [before] = sandbox.onepassword.items("Security", title);
  await itemField(connect()).create({ ...field, expiresAt: "2027-11-23" }, contextOf().context);
  expect(sent()).toEqual(["GET 200", "GET 200", "GET 200", "PATCH 200"]);
  const [after] = sandbox.onepassword.items("Security", title);
  const changed = (before?.fields ?? []).map((one) => {
    if (one.label === "credential") return { ...one, value: "the-new-value" };
    return one.label === "expires" ? { ...one, value: "1826971260" } : one;
  });
  expect(after).toEqual({
    ...before,
    fields: changed,
    version: (before?.version ?? 0) + 1,
    updatedAt: after?.updatedAt,
    lastEditedBy: after?.lastEditedBy,
  });
});

test("an item is made with two reads and one post, and read back as it was declared", async () => {
  const resource = itemResource(connect());
  const { id, outputs } = await resource.create(item, contextOf().context);
  expect(sent()).toEqual(["GET 200", "GET 200", "POST 200"]);
  expect(sandbox.onepassword.field("Security", "Made here", "credential")).toBe("the-new-value");
  const before = { id, inputs: item, outputs };
  expect(await resource.read?.(before, contextOf().context)).toEqual(before);
});

const twice = async (attempt: () => Promise<unknown>) => attempt().catch(attempt);
const faults = ["reset", "lost-answer", "server-error", "rate-limited"] as const;
const cases = faults.flatMap((kind) => [
  [kind, "POST", itemResource, item],
  [kind, "PATCH", itemField, { ...field, field: "token" }],
  [kind, "GET", itemField, { ...field, field: "token" }],
]) as readonly (readonly [(typeof faults)[number], string, typeof itemField, ItemFieldInputs])[];

// Side by side, each with servers of its own: a write of unknown outcome is looked for over four seconds.
test.concurrent.each(cases)(
  "after a %s of a %s, the next run at the latest finds all in place, once",
  async (kind, method, resourceOf, inputs) => {
    const own = await startSandbox();
    try {
      own.onepassword.inject({ fault: { kind }, method });
      const vaults = Connect.fromEnvironment(own.environment);
      await twice(() => resourceOf(vaults).create(inputs, contextOf().context));
      const [stored] = own.onepassword.items("Security", title);
      const added = stored?.fields?.filter(({ label }) => label === "token").map(({ value }) => value);
      expect(added).toEqual(method === "POST" ? [] : ["the-new-value"]);
      const made = own.onepassword.items("Security", "Made here").map(({ tags }) => tags);
      expect(made).toEqual(method === "POST" ? [["pulumi/rotation/prod/inventory"]] : []);
    } finally {
      await own.stop();
    }
  },
  30_000,
);

test("a vault of another team is an error that says what is visible", async () => {
  await expect(connect().findVault("Finance")).rejects.toThrow('sees only "Security"');
});

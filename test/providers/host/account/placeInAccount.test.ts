import { beforeEach, describe, expect, it } from "vitest";
import { vaultsFromEnvironment } from "../../../../clients/onepassword/environment";
import { isUnmade, whyUnmade } from "../../../../ground/unmade";
import { VariableResource } from "../../../../providers/gitlab/variable";
import { placeInAccount } from "../../../../providers/host/account/placeInAccount";
import type { Before, Context, Properties, PropertyChange, Resource } from "../../../../providers/host/provider";
import { item } from "../../../../providers/onepassword/item/item";
import { itemField } from "../../../../providers/onepassword/itemField";
import { benches, inventory, refusal } from "../../runbook/bench";

const bench = benches();
const title = "Robot";
const [first, second] = ["the-value-of-before", "the-value-of-after"];

/** A kind of place: what it is declared with, and what is at hand to look at it. */
interface Kind {
  readonly of: string;
  readonly secret: "value" | "credential";
  readonly declared: Properties;
  /** Something beside the token, before and after an edit. */
  readonly edit: readonly [before: Properties, after: Properties];
  readonly make: () => Resource<object, object>;
  readonly held: () => string | undefined;
  readonly edited: () => unknown;
}

const variableHeld = () =>
  bench()
    .sandbox.gitlab.state.projects.get(inventory.project)
    ?.variables.find(({ key }) => key === "ROBOT_TOKEN");
const itemHeld = (name: string, field: string) =>
  bench().sandbox.onepassword.items("Security", name).length === 0
    ? undefined
    : bench().sandbox.onepassword.field("Security", name, field);

const kinds: readonly Kind[] = [
  {
    of: "a variable",
    secret: "value",
    declared: { project: inventory.project, key: "ROBOT_TOKEN" },
    edit: [{ protected: false }, { protected: true }],
    make: () => placeInAccount("value", new VariableResource("project") as Resource<object, object>),
    held: () => variableHeld()?.value,
    edited: () => variableHeld()?.protected,
  },
  {
    of: "a field of an item",
    secret: "value",
    declared: { vault: "Security", item: inventory.title, field: "robot" },
    edit: [{ expiresAt: "2027-01-01" }, { expiresAt: "2027-02-02" }],
    make: () =>
      placeInAccount("value", itemField(vaultsFromEnvironment({ ...process.env })) as Resource<object, object>),
    held: () => (itemHas("robot") ? itemHeld(inventory.title, "robot") : undefined),
    edited: () => itemHeld(inventory.title, "expires"),
  },
  {
    of: "an item",
    secret: "credential",
    declared: { vault: "Security", title, category: "api_credential" },
    edit: [{ username: "before" }, { username: "after" }],
    make: () =>
      placeInAccount("credential", item(vaultsFromEnvironment({ ...process.env })) as Resource<object, object>),
    held: () => itemHeld(title, "credential"),
    edited: () => itemHeld(title, "username"),
  },
];

function itemHas(label: string): boolean {
  const [found] = bench().sandbox.onepassword.items("Security", inventory.title);
  return found?.fields?.some((field) => field.label === label) === true;
}

/** Has both servers refuse all writes, until what it gives is called. */
function refuseWrites(): () => void {
  const { gitlab, onepassword } = bench().sandbox;
  const disarm = (["POST", "PUT", "PATCH"] as const).flatMap((method) =>
    [gitlab, onepassword].map((server) =>
      server.inject({ fault: { kind: "server-error", status: 403 }, method, times: 99 }),
    ),
  );
  return () => {
    for (const one of disarm) one();
  };
}

const writes = () =>
  bench()
    .requests()
    .filter((request) => !request.startsWith("GET") && / 20\d$/.test(request));

describe.each(kinds)("$of that holds an account's token", ({ secret, declared, edit, make, held, edited }) => {
  let resource: Required<Resource<object, object>>;
  beforeEach(() => {
    resource = make() as Required<Resource<object, object>>;
  });

  function context(component = "pat-rotation:index:Account$"): Context {
    const urn = `urn:pulumi:prod::pat-rotation::${component}some:index:Place::inventory/place`;
    return { ...bench().context, urn, name: "inventory/place" };
  }

  const inputsOf = (value: string, more: Properties = {}) => ({ ...declared, ...more, [secret]: value });

  function changes(before: Before, value: string, more?: Properties): Readonly<Record<string, PropertyChange>> {
    return resource.diff(before, inputsOf(value, more), context()).changes;
  }

  /** What a run leaves: as engines do it, one without changes is passed over, and what is declared is remembered. */
  async function next(before: Before | undefined, value: string, more?: Properties): Promise<Before> {
    const inputs = inputsOf(value, more);
    expect(resource.check(inputs, context())).toEqual([]);
    const kinds = before === undefined ? ["add-replace"] : Object.values(changes(before, value, more));
    if (before === undefined || kinds.some((kind) => kind.endsWith("-replace")))
      return { inputs, ...((await resource.create(inputs, context())) as Omit<Before, "inputs">) };
    if (kinds.length === 0) return { ...before, inputs };
    return { id: before.id, inputs, outputs: (await resource.update(before, inputs, context())) as Properties };
  }

  it("is set with one write, and not written again while it holds it", async () => {
    const before = await next(undefined, first);
    expect(held()).toBe(first);
    expect(writes()).toHaveLength(1);
    const after = await next(before, second);
    expect(held()).toBe(second);
    expect(writes()).toHaveLength(1);
    expect(changes(after, second)).toEqual({});
    await next(after, second);
    expect(bench().requests()).toEqual([]);
  });

  it("is left as it is where an earlier step failed, without a request", async () => {
    const before = await next(undefined, first);
    bench().requests();
    expect(changes(before, "")).toEqual({});
    const left = await next(before, "");
    expect(left.outputs).toEqual(before.outputs);
    expect(bench().requests()).toEqual([]);
    expect(held()).toBe(first);
    // Nor is it written when the steps before it are well again, and it holds what it is to hold.
    expect(changes(left, first)).toEqual({});
    await next(await next(left, first), second);
    expect(held()).toBe(second);
  });

  it("is not made where an earlier step failed, and made by the run in which it did not", async () => {
    const left = await next(undefined, "");
    expect(left.id).toBe("unmade/inventory/place");
    expect(left.outputs).toMatchObject({ [secret]: "" });
    expect(bench().requests()).toEqual([]);
    expect(changes(left, "")).toEqual({});
    expect(changes(left, first)).toEqual({ [secret]: "update-replace" });
    const made = await next(left, first);
    expect(made.id).not.toMatch(/^unmade/);
    expect(held()).toBe(first);
  });

  it("that cannot be made is a warning, and made by a later run", async () => {
    const allow = refuseWrites();
    const unmade = await next(undefined, first);
    expect(isUnmade(unmade.id)).toBe(true);
    // What comes after it tells the same as its own warning, and no token.
    expect(bench().said).toContain(whyUnmade(unmade.id));
    expect(unmade.outputs).toMatchObject({ [secret]: "" });
    expect(bench().said.filter((one) => one.includes("403"))).toHaveLength(1);
    expect(bench().said.join("\n")).not.toContain(first);
    const still = await next(unmade, first);
    expect(still.id).toBe(unmade.id);
    allow();
    const made = await next(still, first);
    expect(made.id).not.toMatch(/^unmade/);
    expect(held()).toBe(first);
    expect(changes(made, first)).toEqual({});
  });

  it("that was not made is kept by a refresh, and deleted without a request", async () => {
    const left = await next(undefined, "");
    expect(await resource.read(left, context())).toEqual(left);
    await resource.delete(left, context());
    expect(bench().requests()).toEqual([]);
    expect(bench().said).toEqual([]);
  });

  it("that cannot be set is a warning, says what it still holds, and is set by the next run", async () => {
    const before = await next(undefined, first);
    const allow = refuseWrites();
    const failed = await next(before, second);
    expect(failed.outputs).toEqual(before.outputs);
    expect(bench().said.filter((one) => one.includes("403"))).toHaveLength(1);
    expect(held()).toBe(first);
    allow();
    expect(changes(failed, second)).toEqual({ [secret]: "update" });
    bench().requests();
    const set = await next(failed, second);
    expect(writes()).toHaveLength(1);
    expect(held()).toBe(second);
    expect(changes(set, second)).toEqual({});
  });

  it("that could not be set is let be when it is to hold again what it holds", async () => {
    const before = await next(undefined, first);
    const allow = refuseWrites();
    const failed = await next(before, second);
    allow();
    expect(changes(failed, first)).toEqual({});
  });

  it("is edited by the next run that can, when the run of the edit was stopped", async () => {
    const before = await next(undefined, first, edit[0]);
    const left = await next(before, "", edit[1]);
    const was = edited();
    await next(left, first, edit[1]);
    expect(edited()).not.toEqual(was);
    expect(held()).toBe(first);
  });

  it("is edited by the next run that can, when the edit was refused", async () => {
    const before = await next(undefined, first, edit[0]);
    const was = edited();
    const allow = refuseWrites();
    const failed = await next(before, first, edit[1]);
    allow();
    expect(edited()).toEqual(was);
    const after = await next(failed, first, edit[1]);
    expect(edited()).not.toEqual(was);
    expect(changes(after, first, edit[1])).toEqual({});
  });

  it("throws in a run that is cancelled", async () => {
    const before = await next(undefined, first);
    bench().cancel();
    expect(await refusal(next(undefined, second))).not.toBe("");
    expect(await refusal(next(before, second))).not.toBe("");
  });

  it.each(["", "other:index:Component$"])("is a resource like any other outside an account: %j", async (component) => {
    const allow = refuseWrites();
    expect(await refusal(resource.create(inputsOf(first), context(component)))).toContain("403");
    allow();
    const { id, outputs } = await resource.create(inputsOf(""), context(component));
    expect(id).not.toMatch(/^unmade/);
    expect(held()).toBe("");
    const before = { id, inputs: inputsOf(""), outputs };
    expect(resource.diff(before, inputsOf(first), context(component)).changes).toEqual({ [secret]: "update" });
    const full = { id, inputs: inputsOf(first), outputs };
    expect(resource.diff(full, inputsOf(""), context(component)).changes).toEqual({ [secret]: "update" });
    refuseWrites();
    expect(await refusal(resource.update(before, inputsOf(first), context(component)))).toContain("403");
  });
});

describe("a variable that moves while its account is stopped", () => {
  it("is made in its new project when the account goes on", async () => {
    const resource = kinds[0]?.make() as Required<Resource>;
    const context = {
      ...bench().context,
      urn: "urn:pulumi:prod::pat-rotation::pat-rotation:index:Account$some:index:Place::inventory/place",
    };
    const inputs = { project: inventory.project, key: "ROBOT_TOKEN", value: first };
    const before = { inputs, ...(await resource.create(inputs, context)) };
    const moved = { ...inputs, project: "security/scanner" };
    const stopped = { ...moved, value: "" };
    expect(resource.diff(before, stopped, context).changes).toEqual({});
    const left = { ...before, inputs: stopped };
    expect(resource.diff(left, moved, context).changes).toEqual({ project: "update-replace" });
  });
});

import { afterEach, describe, expect, it, vi } from "vitest";
import { isUnmade, whyUnmade } from "../../../../ground/unmade";
import { partOfAccount } from "../../../../providers/host/account/partOfAccount";
import { notedFailures } from "../../../../providers/host/failures";
import type { Context, Properties } from "../../../../providers/host/provider";

const kind = "gitlab:index/groupServiceAccount:GroupServiceAccount";
const urnOf = (type: string) => `urn:pulumi:stack::project::${type}::robot`;
const inAccount = urnOf(`pat-rotation:index:Account$${kind}`);

function context(urn = inAccount) {
  const log = { info: vi.fn(), warn: vi.fn(), status: vi.fn() };
  const signal = new AbortController();
  return { urn, name: "robot", signal: signal.signal, log, abort: () => signal.abort() } satisfies Context & {
    abort: () => void;
  };
}

const calls: string[] = [];
let refusal: Error | undefined;

async function act<T>(what: string, result: T): Promise<T> {
  calls.push(what);
  if (refusal !== undefined) throw refusal;
  return result;
}

const user = partOfAccount<Properties, Properties>(
  {
    create: async (inputs) => act("create", { id: "7", outputs: { ...inputs, number: 7 } }),
    update: async (_, inputs) => act("update", { ...inputs, number: 7 }),
    read: async (before) => act("read", before as never),
    delete: async () => act("delete", undefined),
  },
  { outputs: { number: 0 }, isBlank: ({ group }) => group === 0 },
);

afterEach(() => {
  calls.length = 0;
  refusal = undefined;
});

describe("what an account's user is made of", () => {
  it("that cannot be made ends no run: it is noted, told, and made by the next one", async () => {
    refusal = new Error("GitLab answered 403");
    const here = context();
    const left = await user.create({ name: "Robot" }, here);
    expect(left).toEqual({ id: expect.any(String), outputs: { name: "Robot", number: 0 } });
    expect(isUnmade(left.id)).toBe(true);
    expect(whyUnmade(left.id)).toBe("GitLab answered 403");
    expect(here.log.warn).toHaveBeenCalledWith("GitLab answered 403");
    expect(notedFailures()).toContainEqual({ urn: inAccount, message: "GitLab answered 403" });

    const before = { ...left, inputs: { name: "Robot" } };
    expect(user.undone?.(before, { name: "Robot" })).toEqual({ name: "update-replace" });
    calls.length = 0;
    expect(await user.read?.(before, here)).toBe(before);
    await user.delete?.(before, here);
    expect(calls).toEqual([]);
  });

  it("that cannot be changed leaves out what could not be written, and is changed by the next run", async () => {
    const before = { id: "7", inputs: { name: "Robot", group: 5 }, outputs: { name: "Robot", group: 5, number: 7 } };
    refusal = new Error("GitLab answered 403");
    const outputs = await user.update?.(before, { name: "Builder", group: 5 }, context());
    expect(outputs).toEqual({ group: 5, number: 7 });
    const left = { id: "7", inputs: { name: "Builder", group: 5 }, outputs: outputs ?? {} };
    expect(user.undone?.(left, { name: "Builder", group: 5 })).toEqual({ name: "update" });
    expect(user.undone?.(before, before.inputs)).toEqual({});
  });

  it("is not tried where what it needs could not be made", async () => {
    const here = context();
    expect((await user.create({ group: 0 }, here)).id).toBe("unmade/robot");
    expect(calls).toEqual([]);
    expect(here.log.warn).not.toHaveBeenCalled();
  });

  it("fails as any resource outside of an account, and when the run is cancelled", async () => {
    refusal = new Error("GitLab answered 403");
    await expect(user.create({ name: "Robot" }, context(urnOf(kind)))).rejects.toThrow("403");
    const cancelled = context();
    cancelled.abort();
    await expect(user.create({ name: "Robot" }, cancelled)).rejects.toThrow("403");
  });
});

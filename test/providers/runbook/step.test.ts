import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { notedFailures } from "../../../providers/host/failures";
import { type Before, type Context, PartialFailure, type Resource, unknown } from "../../../providers/host/provider";
import { provider } from "../../../providers/runbook/provider";
import { step } from "../../../providers/runbook/step";

interface Inputs {
  readonly account: string;
  readonly token: string;
  readonly consumers: readonly string[];
  readonly stoppedBy?: string;
}

interface Outputs extends Inputs {
  readonly provedAt: string;
  readonly fault?: string;
  readonly stopped?: boolean;
  readonly untaken?: boolean;
}

/** What was done, in order; whatever this is set to is thrown. */
const done: string[] = [];
let failure: Error | undefined;

function act(what: string): string {
  done.push(what);
  if (failure !== undefined) throw failure;
  return what;
}

const plain: Resource<Inputs, Omit<Outputs, "fault">> = {
  // As those of the chain, it goes by what is there: a step that was never taken has nothing to compare.
  diff: ({ outputs }, { consumers }) => ({
    changes: outputs.consumers.join() === consumers.join() ? {} : { consumers: "update" },
  }),
  create: async (inputs) => ({ id: "made", outputs: { ...inputs, provedAt: act("create") } }),
  previewCreate: async (inputs) => ({ ...inputs, provedAt: unknown }),
  update: async (before, inputs) => {
    expect(before.outputs).not.toHaveProperty("fault");
    return { ...inputs, provedAt: act("update") };
  },
  previewUpdate: async (_before, inputs) => ({ ...inputs, provedAt: unknown }),
  read: async (before) => {
    act("read");
    return before as Before<Inputs, Outputs>;
  },
};
const taken = step("runbook:index:TokenProof", plain) as unknown as Required<Resource<Inputs, Outputs>>;
const secret = "a-token-of-an-instance-with-its-own-prefix";
const inputs: Inputs = { account: "inventory", token: secret, consumers: ["a"] };
const after: Inputs = { ...inputs, stoppedBy: "the mint was refused" };

afterEach(() => vi.unstubAllEnvs());

let count = 0;
let context: Context;
let warned: string[];
let abort: AbortController;

/** The step of another account, so that what one test notes is not another's. */
function contextOf(parent = "pat-rotation:index:Account$"): Context {
  count += 1;
  const say = (message: string) => {
    warned.push(message);
  };
  return {
    urn: `urn:pulumi:prod::pat-rotation-${count}::${parent}runbook:index:TokenProof::inventory`,
    name: "inventory",
    signal: abort.signal,
    log: { info: () => undefined, warn: say, status: () => undefined },
  };
}

beforeEach(() => {
  vi.stubEnv("GITLAB_BASE_URL", "http://127.0.0.1:9");
  vi.stubEnv("GITLAB_TOKEN", "a-credential");
  done.length = 0;
  failure = undefined;
  warned = [];
  abort = new AbortController();
  context = contextOf();
});

const noted = () => notedFailures().filter(({ urn }) => urn === context.urn);
const changes = (before: Before<Inputs, Outputs>, now: Inputs) => Object.keys(taken.diff(before, now, context).changes);

/** What a run that creates the step leaves. */
async function created(now = inputs): Promise<Before<Inputs, Outputs>> {
  const { id, outputs } = await taken.create(now, context);
  return { id, inputs: now, outputs };
}

/** What a later run leaves: as an engine does it, a step without changes is passed over. */
async function next(before: Before<Inputs, Outputs>, now = inputs): Promise<Before<Inputs, Outputs>> {
  const outputs = changes(before, now).length === 0 ? before.outputs : await taken.update(before, now, context);
  return { id: before.id, inputs: now, outputs };
}

describe("a step that ends well", () => {
  it("says that nothing stopped it, and is not taken again", async () => {
    const before = await created();
    expect(before).toMatchObject({ id: "made", outputs: { ...inputs, provedAt: "create", fault: "" } });
    expect(before.outputs).not.toHaveProperty("untaken");
    await next(await next(before));
    expect(done).toEqual(["create"]);
    expect(noted()).toEqual([]);
  });

  it("of a time when faults were no data is only told of that, and not taken again", async () => {
    const { outputs, ...before } = await created();
    const { fault: _fault, ...old } = outputs;
    const told = await next({ ...before, outputs: old });
    expect(told.outputs).toEqual(outputs);
    expect(done).toEqual(["create"]);
    expect(changes(told, inputs)).toEqual([]);
  });
});

describe("a step that fails in an account", () => {
  it("has its fault as data: noted once for the end of the run, told as a warning, and thrown by nobody", async () => {
    failure = new Error("the scope is unknown.");
    const { id, outputs } = await created();
    expect(id).toBe("inventory");
    expect(outputs).toEqual({ fault: "the scope is unknown", untaken: true });
    expect(warned).toEqual(["the scope is unknown"]);
    expect(noted()).toEqual([{ urn: context.urn, message: "the scope is unknown" }]);
  });

  it("is created by the next run, and by each after that, until it succeeds", async () => {
    failure = new Error("the scope is unknown");
    const once = await created();
    expect(changes(once, inputs)).toEqual(["fault"]);
    const twice = await next(once);
    expect(twice.outputs).toEqual({ fault: "the scope is unknown", untaken: true });
    const thrice = await next(twice);
    expect(thrice.outputs).toEqual({ fault: "the scope is unknown", untaken: true });
    failure = undefined;
    const { outputs } = await next(thrice);
    expect(outputs).toEqual({ ...inputs, provedAt: "create", fault: "" });
    expect(done).toEqual(["create", "create", "create", "create"]);
  });

  it("leaves what was there before as it was, and is taken again by the next run", async () => {
    const before = await created();
    failure = new Error("GitLab answered 502");
    const edited = { ...inputs, consumers: ["b"] };
    const failed = await next(before, edited);
    expect(failed.outputs).toEqual({ ...inputs, provedAt: "create", fault: "GitLab answered 502" });
    // The declaration that failed is what the engine remembers by now.
    expect(changes(failed, edited)).toEqual(["consumers", "fault"]);
    failure = undefined;
    expect((await next(failed, edited)).outputs).toEqual({ ...edited, provedAt: "update", fault: "" });
  });

  it("is taken again also when the declaration went back to what was there", async () => {
    const before = await created();
    failure = new Error("GitLab answered 502");
    const failed = await next(before, { ...inputs, consumers: ["b"] });
    failure = undefined;
    expect(changes(failed, inputs)).toEqual(["fault"]);
    expect((await next(failed)).outputs).toEqual({ ...inputs, provedAt: "update", fault: "" });
  });

  it("keeps what it left half done", async () => {
    const left = { ...inputs, provedAt: "half" };
    failure = new PartialFailure(["attempt 1 of 3 failed"], "made", left);
    expect((await created()).outputs).toEqual({ ...left, fault: "attempt 1 of 3 failed" });
    failure = undefined;
    const before = await created();
    failure = new PartialFailure(["attempt 2 of 3 failed"], "made", left);
    expect((await next(before, { ...inputs, consumers: ["b"] })).outputs).toEqual({
      ...left,
      fault: "attempt 2 of 3 failed",
    });
  });

  it("tells no secret of its inputs, of what it was, or of what it left", async () => {
    const old = "the-value-that-was-there-before";
    const halfway = "the-value-that-it-became-half-way";
    const before = await created({ ...inputs, token: old });
    const left = { ...inputs, token: halfway, provedAt: "half" };
    failure = new PartialFailure([`${secret}, ${old} and ${halfway} do not do`], "made", left);
    const { outputs } = await next(before, { ...inputs, consumers: ["b"] });
    expect(outputs.fault).toBe("[secret], [secret] and [secret] do not do");
    expect(warned).toEqual([outputs.fault]);
    expect(noted().map(({ message }) => message)).toEqual([outputs.fault]);
  });

  it("throws in a run that is cancelled", async () => {
    const before = await created();
    failure = new Error("the run was cancelled");
    abort.abort();
    await expect(created()).rejects.toBe(failure);
    await expect(next(before, { ...inputs, consumers: ["b"] })).rejects.toBe(failure);
    expect(noted()).toEqual([]);
  });
});

describe("a step that fails outside an account", () => {
  it.each(["", "other:index:Component$"])("throws, as everywhere in Pulumi, and notes nothing: %j", async (parent) => {
    context = contextOf(parent);
    const before = await created();
    failure = new Error("the scope is unknown");
    await expect(created()).rejects.toBe(failure);
    await expect(next(before, { ...inputs, consumers: ["b"] })).rejects.toBe(failure);
    expect(warned).toEqual([]);
    expect(noted()).toEqual([]);
  });
});

describe("a step after one that failed", () => {
  it("does nothing, and hands the fault down", async () => {
    const before = await created(after);
    expect(before).toMatchObject({
      id: "inventory",
      outputs: { fault: "the mint was refused", stopped: true, untaken: true },
    });
    const still = await next(before, after);
    expect(still.outputs).toEqual(before.outputs);
    expect(done).toEqual([]);
    expect(warned).toEqual([]);
  });

  it("may lack what the earlier one did not give", () => {
    expect(taken.isStopped({ stoppedBy: "the mint was refused" })).toBe(true);
    expect(taken.isStopped({ stoppedBy: "" })).toBe(false);
    expect(taken.isStopped({ stoppedBy: unknown })).toBe(false);
    expect(taken.isStopped({})).toBe(false);
  });

  it("is created when the fault is gone, if it was never taken", async () => {
    const before = await created(after);
    expect(changes(before, inputs)).toEqual(["fault"]);
    expect((await next(before)).outputs).toEqual({ ...inputs, provedAt: "create", fault: "" });
    expect(done).toEqual(["create"]);
  });

  it("leaves what was there, and is cleared without being taken when the fault is gone", async () => {
    const before = await created();
    const stopped = await next(before, after);
    expect(stopped.outputs).toEqual({ ...before.outputs, fault: "the mint was refused", stopped: true });
    const cleared = await next(stopped);
    expect(cleared.outputs).toEqual(before.outputs);
    expect(done).toEqual(["create"]);
  });

  it("is taken when the fault is gone, if there is something to do by then", async () => {
    const stopped = await next(await created(), after);
    const edited = { ...inputs, consumers: ["b"] };
    expect((await next(stopped, edited)).outputs).toEqual({ ...edited, provedAt: "update", fault: "" });
  });

  it("is taken when the fault is gone, if it had failed itself before that", async () => {
    const before = await created();
    failure = new Error("GitLab answered 502");
    const failed = await next(before, { ...inputs, consumers: ["b"] });
    failure = undefined;
    done.length = 0;
    const stopped = await next(failed, after);
    expect(stopped.outputs.fault).toBe("the mint was refused");
    expect((await next(await next(stopped, after))).outputs).toEqual({ ...inputs, provedAt: "update", fault: "" });
    expect(done).toEqual(["update"]);
  });

  it("notes the fault of a step that the run passed over, and does not repeat one that was noted", async () => {
    await created(after);
    await created(after);
    expect(noted()).toEqual([{ urn: context.urn, message: "the mint was refused" }]);
  });
});

describe("a refresh", () => {
  it("leaves a step alone that was never taken: nothing of it is there to be read", async () => {
    const before = await created(after);
    expect(await taken.read(before, context)).toEqual(before);
    expect(done).toEqual([]);
  });

  it("does not take a token that could not be minted for an import", async () => {
    const { read } = provider.resources["runbook:index:PersonalAccessToken"] ?? {};
    const before = { id: "inventory-2026-11-23", inputs, outputs: { fault: "the mint was refused", untaken: true } };
    expect(await read?.(before, context)).toEqual(before);
  });

  it("reads any other, whatever it failed of since", async () => {
    const stopped = await next(await created(), after);
    expect(await taken.read(stopped, context)).toEqual(stopped);
    expect(done).toEqual(["create", "read"]);
  });
});

describe("a preview", () => {
  it("foresees that a step will be taken, or is stopped", async () => {
    expect(await taken.previewCreate(inputs, context)).toEqual({ ...inputs, provedAt: unknown, fault: "" });
    expect(await taken.previewCreate(after, context)).toMatchObject({ fault: "the mint was refused" });
    const before = await created();
    const edited = { ...inputs, consumers: ["b"] };
    expect(await taken.previewUpdate(before, edited, context)).toEqual({ ...edited, provedAt: unknown, fault: "" });
    expect(await taken.previewUpdate(before, after, context)).toEqual({
      ...before.outputs,
      fault: "the mint was refused",
    });
  });

  it("foresees that a fault is cleared without a change, and that an untaken step is created", async () => {
    const before = await created();
    expect(await taken.previewUpdate(await next(before, after), inputs, context)).toEqual(before.outputs);
    const untaken = await created(after);
    expect(await taken.previewUpdate(untaken, inputs, context)).toEqual({ ...inputs, provedAt: unknown, fault: "" });
  });

  it("notes nothing and warns of nothing", async () => {
    await taken.previewCreate(after, context);
    expect(noted()).toEqual([]);
    expect(warned).toEqual([]);
  });
});

describe("a preview without a credential for GitLab", () => {
  const without = 'the environment variable "GITLAB_TOKEN" is not set';

  it("tells what a step would fail of that has something to ask", async () => {
    vi.stubEnv("GITLAB_TOKEN", "");
    const created = await taken.previewCreate(inputs, context);
    expect(created.fault).toContain(without);
    expect(warned).toEqual([expect.stringMatching(/^"pulumi up" would fail this account: the environment variable/)]);
    expect(notedFailures().at(-1)).toEqual({ urn: context.urn, message: created.fault });
  });

  it("tells nothing of a step that is stopped, or knows already what it comes to", async () => {
    vi.stubEnv("GITLAB_TOKEN", "");
    expect((await taken.previewCreate(after, context)).fault).toBe("the mint was refused");
    const known = step("runbook:index:Retirement", {
      ...plain,
      previewCreate: async (all) => ({ ...all, provedAt: "held until Monday" }),
    }) as unknown as typeof taken;
    expect((await known.previewCreate(inputs, context)).fault).toBe("");
    expect(warned).toEqual([]);
  });
});

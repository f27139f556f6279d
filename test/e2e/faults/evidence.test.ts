import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { engines } from "../engines";
import { inventory, Situation, writes } from "../situation";

describe.each(engines)("proofs and refusals on the $name", (engine) => {
  let situation: Situation;
  const state = () => situation.sandbox.gitlab.state;
  const tokens = () => writes(situation.sandbox.traffic.requests).filter((one) => one.includes("access_tokens"));

  beforeEach(async () => {
    situation = await Situation.start(engine);
    situation.sandbox.traffic.clear();
  });
  afterEach(async () => {
    expect(situation.leaks()).toEqual([]);
    await situation.stop();
  });

  /** Gives the account's schedule a variable of its own, or takes it away. */
  function give(...variables: readonly { readonly key: string; readonly value: string }[]): void {
    for (const one of state().schedules.values()) if (one.projectId === projectId()) one.variables = [...variables];
  }

  const projectId = () => state().projects.get(inventory.project)?.id;

  test("a schedule's own variable of the same key is refused before the mint, by the preview as well", {
    timeout: 180_000,
  }, async () => {
    give({ key: "GITLAB_API_TOKEN", value: "another" });
    const words = /gives its pipelines a variable "GITLAB_API_TOKEN" of its own, which counts before the declared one/;
    expect((await situation.preview()).output).toMatch(words);
    const refused = await situation.up();
    expect(refused.code).not.toBe(0);
    expect(refused.output).toMatch(words);
    expect(tokens()).toEqual([]);
    give();
    const done = await situation.up();
    expect(done.code, done.output).toBe(0);
    expect(situation.works(inventory)).toBe(true);
  });

  test("a field that holds no token, and a moved project, are refused before the mint", {
    timeout: 180_000,
  }, async () => {
    const [item] = situation.sandbox.onepassword.items("Security", inventory.item);
    const vault = situation.sandbox.onepassword.state.vaults.get(item?.vault.id ?? "");
    const field = vault?.items.get(item?.id ?? "")?.fields?.find(({ label }) => label === "credential");
    if (field !== undefined) field.type = "MENU";
    situation.sandbox.gitlab.moveProject(inventory.project, "security/builder");
    const refused = await situation.up();
    expect(refused.code).not.toBe(0);
    const said = refused.output.replace(/\s+/g, " ");
    expect(said).toContain("it has the type MENU, which holds no such value");
    expect(said).toContain('has moved to "security/builder"');
    expect(tokens()).toEqual([]);
  });

  test("named jobs prove behind a gate, and a dead credential of ours is no verdict", {
    timeout: 240_000,
  }, async () => {
    state()
      .projects.get(inventory.project)
      ?.jobs.push({ name: "deploy", stage: "release", when: "manual", allowFailure: false });
    const own = state().tokens.byValue(situation.sandbox.gitlab.tokenValue("owner"));
    const stop = situation.sandbox.traffic.watch({
      answered: ({ path }) => {
        if (path.endsWith("/play") && own !== undefined) own.revoked = true;
      },
    });
    const lost = await situation.up();
    stop();
    if (own !== undefined) own.revoked = false;
    expect(lost.code).not.toBe(0);
    expect(lost.output.replace(/\s+/g, " ")).toContain("That is no verdict on the token: it counts as no attempt");
    expect(lost.output).not.toContain("Put back");
    const next = await situation.up();
    expect(next.code, next.output).toBe(0);
    expect([...state().pipelines.values()].at(-1)?.status).toBe("manual");
    expect(writes(next.requests).filter((one) => one.endsWith("/play"))).toEqual([]);
    expect(situation.works(inventory)).toBe(true);
  });
});

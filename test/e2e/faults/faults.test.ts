import { afterEach, describe, expect, test } from "vitest";
import type { Document } from "yaml";
import type { Engine } from "../../../engines/engine";
import { checkTraffic } from "../../openapi";
import { engines } from "../engines";
import { inventory, Situation, scanner, writes } from "../situation";

const account = (index: number, ...path: (string | number)[]) => ["config", "pat-rotation:accounts", index, ...path];

describe.each(engines)("what is wrong with one account, on the $name", (engine) => {
  let situation: Situation;

  afterEach(async () => {
    expect(situation.leaks()).toEqual([]);
    await situation.stop();
  });

  async function start(edit?: (settings: Document) => void): Promise<void> {
    situation = await Situation.start(engine, edit === undefined ? {} : { edit });
  }

  test("a declaration that the world does not bear out fails that account, with all its faults, before it mints", {
    timeout: 120_000,
  }, async () => {
    await start((settings) => {
      settings.setIn(account(0, "token", "scopes"), ["api", "read_everything"]);
      settings.setIn(account(0, "variables", 0, "project"), "security/no-such-project");
      settings.setIn(account(0, "onePassword", 0, "vault"), "Nowhere");
      settings.setIn(account(0, "proof", 0, "schedule"), "Every full moon");
    });
    situation.sandbox.clock.set("2026-11-30T06:30:00Z");
    const run = await situation.up();
    expect(run.code).not.toBe(0);
    for (const named of ["read_everything", "security/no-such-project", "Nowhere", "Every full moon"]) {
      expect(run.output).toContain(named);
    }
    expect(situation.live(inventory)).toEqual([]);
    expect(situation.works(scanner)).toBe(true);
    expect(situation.live(scanner)).toHaveLength(2);
  });

  test("one place under two names fails both accounts before either mints", { timeout: 120_000 }, async () => {
    await start();
    const title = "GitLab Security Service - Architecture - Inventory";
    const [item] = situation.sandbox.onepassword.items("Security", title);
    situation.stack.configure((settings) => settings.setIn(account(1, "onePassword", 0, "item"), item?.id));
    situation.sandbox.clock.set("2026-11-30T06:30:00Z");
    const run = await situation.up();
    expect(run.code).not.toBe(0);
    expect(run.output).toContain('which account "scanner" declares: each would undo what the other stores');
    expect(run.output).toContain('which account "inventory" declares: each would undo what the other stores');
    // The issues are told of it, and nothing else is written.
    expect(writes(run.requests).filter((request) => !/\/issues(\/\d+\/notes)?$/.test(request))).toEqual([]);
  });

  test("settings that cannot be parsed: every fault with its path, and not one request", {
    timeout: 120_000,
  }, async () => {
    await start((settings) => {
      settings.setIn(account(0, "rotation", "startsOn"), "2026-02-30");
      settings.setIn(account(1, "variables", 0, "kee"), "X");
    });
    const run = await situation.up();
    expect(run.code).not.toBe(0);
    expect(run.output).toContain("accounts[0].rotation.startsOn");
    expect(run.output).toContain("accounts[1].variables[0].kee");
    expect(run.requests).toEqual([]);
  });

  test("one red account holds up no retirement of another", { timeout: 180_000 }, async () => {
    await start((settings) => settings.setIn(account(0, "rotation", "extraDates", 0, "date"), "2026-12-07"));
    const { sandbox } = situation;
    sandbox.clock.set("2026-11-30T06:30:00Z");
    expect((await situation.up()).code).toBe(0);
    // An hour later than a week ago: by then nobody has used the old token for the whole overlap.
    sandbox.clock.set("2026-12-07T07:30:00Z");
    sandbox.gitlab.armJob(inventory.project, inventory.job, { does: "fail" });
    const run = await situation.up();
    expect(run.code).not.toBe(0);
    expect(writes(run.requests)).toContain(
      "DELETE /api/v4/groups/security/service_accounts/202/personal_access_tokens/1202",
    );
    expect(situation.live(scanner)).toHaveLength(1);
    expect(situation.works(inventory)).toBe(true);
  });

  test("GitLab answering 429 and 5xx, and losing answers: nothing is minted or set twice in vain", {
    timeout: 180_000,
  }, async () => {
    await start();
    const { sandbox } = situation;
    sandbox.traffic.inject({
      fault: { kind: "rate-limited", retryAfter: 1 },
      service: "gitlab",
      method: "GET",
      nth: 2,
    });
    sandbox.traffic.inject({ fault: { kind: "server-error", status: 502 }, service: "gitlab", method: "GET", nth: 4 });
    sandbox.traffic.inject({
      fault: { kind: "rate-limited", retryAfter: 1 },
      service: "gitlab",
      method: "POST",
      path: /access_tokens$/,
    });
    sandbox.traffic.inject({ fault: { kind: "lost-answer" }, service: "gitlab", method: "PUT" });
    // The first asks whether the vault may be written, and changes nothing.
    const patch = { service: "onepassword", method: "PATCH", nth: 2 } as const;
    sandbox.traffic.inject({ fault: { kind: "lost-answer" }, ...patch });
    const run = await situation.up();
    expect(run.code, run.output).toBe(0);
    expect(situation.works(inventory)).toBe(true);
    expect(situation.live(inventory)).toHaveLength(1);
    expect(run.requests.filter(({ method, path }) => method === "POST" && path.endsWith("/play"))).toHaveLength(1);
    expect(writes(run.requests.filter((request) => request.fault === "lost-answer"))).toHaveLength(2);
  });

  test("GitLab away altogether: red within its patience, nothing changed, and the next run does it", {
    timeout: 300_000,
  }, async () => {
    await start();
    const { sandbox } = situation;
    const calm = sandbox.traffic.inject({
      fault: { kind: "server-error", status: 503 },
      service: "gitlab",
      times: 10_000,
    });
    const run = await situation.up();
    expect(run.code).not.toBe(0);
    expect(situation.live(inventory)).toEqual([]);
    calm();
    const next = await situation.up();
    expect(next.code, next.output).toBe(0);
    expect(situation.works(inventory)).toBe(true);
  });

  test("a lost mint answer: one working token now, and the stray gone when retiring is due", {
    timeout: 180_000,
  }, async () => {
    await start((settings) => settings.deleteIn(account(1)));
    const { sandbox } = situation;
    sandbox.traffic.inject({
      fault: { kind: "lost-answer" },
      service: "gitlab",
      method: "POST",
      path: /access_tokens$/,
    });
    const run = await situation.up();
    expect(run.code, run.output).toBe(0);
    expect(situation.live(inventory)).toHaveLength(2);
    expect(situation.works(inventory)).toBe(true);
    sandbox.clock.set("2026-11-30T06:30:00Z");
    const later = await situation.up();
    expect(later.code, later.output).toBe(0);
    expect(situation.live(inventory)).toHaveLength(1);
    expect(situation.works(inventory)).toBe(true);
    expect((await situation.up(["--expect-no-changes"])).requests).toEqual([]);
  });

  test("every exchange of a rotation is as GitLab and 1Password describe it", { timeout: 120_000 }, async () => {
    await start();
    const check = checkTraffic(situation.sandbox.traffic);
    situation.sandbox.clock.set("2026-11-30T06:30:00Z");
    expect((await situation.up()).code).toBe(0);
    expect(check.faults).toEqual([]);
  });
});

describe.each(engines)("a token that lives is not deleted, on the $name", (engine: Engine) => {
  const declarations: [string, (settings: Document) => void][] = [
    ["its account's block is removed", (settings) => settings.deleteIn(account(1))],
    [
      "its rotation is moved to a later day",
      (settings) => settings.setIn(account(1, "rotation", "startsOn"), "2026-12-07"),
    ],
    [
      "its rotation is moved to an earlier day",
      (settings) => settings.setIn(account(1, "rotation", "startsOn"), "2026-11-23"),
    ],
  ];

  test("whatever the edit or the flag", { timeout: 300_000 }, async () => {
    const situation = await Situation.start(engine);
    try {
      situation.sandbox.clock.set("2026-11-30T06:30:00Z");
      expect((await situation.up()).code).toBe(0);
      const live = situation.live(scanner);
      for (const [what, edit] of declarations) {
        situation.stack.configure(edit);
        const run = await situation.up();
        expect(run.code, `${what}: ${run.output}`).not.toBe(0);
        expect(situation.live(scanner), what).toEqual(live);
        expect(situation.works(scanner), what).toBe(true);
        expect(writes(run.requests), what).toEqual([]);
      }
      const urn = "urn:pulumi:sandbox::pat-rotation::pat-rotation:index:Account$runbook:index:Account::scanner";
      situation.stack.configure((settings) => settings.deleteIn(account(1)));
      const targeted = await situation.up(["--target", urn, "--target-dependents"]);
      expect(targeted.code).not.toBe(0);
      expect(situation.live(scanner)).toEqual(live);
      situation.stack.configure();
      const destroyed = await situation.destroy();
      expect(destroyed.code).not.toBe(0);
      expect(destroyed.output).toContain("onRemoval");
      expect(situation.live(scanner)).toEqual(live);
      expect(situation.works(scanner)).toBe(true);
    } finally {
      await situation.stop();
    }
  });
});

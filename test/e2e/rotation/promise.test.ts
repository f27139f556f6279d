import { afterEach, describe, expect, test } from "vitest";
import type { Document } from "yaml";
import { targetsOf } from "../../../commands/emergency/act";
import { parseSettings } from "../../../rotation/declaration/settings";
import { accountOf } from "../../../settings/edits/proposal";
import { engines } from "../engines";
import { inventory, Situation, type SituationOptions, type Subject, scanner, writes } from "../situation";

const accounts = ["config", "pat-rotation:accounts"];
const at = (subject: Subject, ...path: (string | number)[]) => [...accounts, subject === inventory ? 0 : 1, ...path];

describe.each(engines)("whatever is run, edited or refused, on the $name", (engine) => {
  let situation: Situation;

  afterEach(async () => {
    expect(situation.leaks()).toEqual([]);
    await situation.stop();
  });

  /** Both accounts rotated on the scanner's day, and their old tokens alive. */
  async function rotated(options: SituationOptions = {}): Promise<void> {
    situation = await Situation.start(engine, options);
    situation.sandbox.clock.set("2026-11-30T06:30:00Z");
    await green();
    expect(situation.works(inventory) && situation.works(scanner)).toBe(true);
  }

  async function green(flags: readonly string[] = []) {
    const run = await situation.plainUp(flags);
    expect(run.code, run.output).toBe(0);
    return run;
  }

  async function red(flags: readonly string[] = []) {
    const run = await situation.plainUp(flags);
    expect(run.code, run.output).not.toBe(0);
    return run;
  }

  const set = (instant: string) => situation.sandbox.clock.set(instant);
  const edit = (change: (settings: Document) => void) => situation.stack.configure(change);
  const held = (subject: Subject) => [situation.variable(subject), situation.item(subject)];
  const value = (id: number | undefined, subject: Subject) =>
    situation.sandbox.gitlab.liveTokens(subject.username).find((token) => token.id === id)?.value;
  const revocations = (requests: Parameters<typeof writes>[0]) =>
    writes(requests).filter((write) => /^DELETE .*access_tokens/.test(write));
  const failing = ({ project, job }: Subject) => situation.sandbox.gitlab.armJob(project, job, { does: "fail" });
  const refuse = (method: string, path: RegExp, status = 403) =>
    situation.sandbox.traffic.inject({ fault: { kind: "server-error", status }, method, path, times: 1_000 });

  test("an emergency of one account ends its leaked token on every day of the other's calendar", {
    timeout: 600_000,
  }, async () => {
    await rotated();
    const dump = situation.sandbox.dump();
    const state = await situation.stack.state();
    // The last day of the scanner's overlap, the first after it, days after that, and the eve of its old token's death.
    for (const day of ["2026-11-30", "2026-12-06", "2026-12-07", "2026-12-09", "2026-12-13", "2026-12-15"]) {
      await situation.stop();
      situation = await Situation.start(engine, { dump });
      await situation.stack.restore(state);
      set(`${day}T09:00:00Z`);
      const [leaked] = situation.live(inventory);
      edit((settings) => {
        const leak = { generation: "2026-11-23", reason: "posted in a chat", on: day };
        settings.setIn(at(inventory, "compromised"), [leak]);
      });
      const settings = parseSettings(situation.stack.settings());
      const account = accountOf(settings, "inventory");
      if (account === undefined) throw new Error("unreachable");
      const targets = targetsOf(account, settings, { accounts: [], tokens: [] }, day);
      const run = await situation.plainUp(targets.flatMap((target) => ["--target", target]));
      expect(situation.live(inventory), `${day}\n${run.output}`).not.toContain(leaked);
      expect(situation.works(inventory), day).toBe(true);
      // Nobody else is touched, and what the run left is a state that the next one takes.
      expect(revocations(run.requests)).toHaveLength(1);
      const next = await situation.plainUp();
      expect(next.output, day).not.toMatch(/snapshot|Duplicate|repair/i);
      expect(situation.works(scanner), day).toBe(true);
    }
  });

  test("a run that passes over one account leaves a state that is taken, on the days on which its token retires", {
    timeout: 300_000,
  }, async () => {
    await rotated();
    set("2026-12-08T06:30:00Z");
    await green(["--exclude", "**::scanner-adopted"]);
    await green(["--target", "**::inventory"]);
    expect(situation.live(scanner)).toHaveLength(2);
    await green();
    expect(situation.live(scanner)).toHaveLength(1);
    expect((await green(["--expect-no-changes"])).requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  test("a proof that is dropped after a put-back has the new token set again, which lives", {
    timeout: 300_000,
  }, async () => {
    situation = await Situation.start(engine, {});
    await green();
    set("2026-12-14T06:30:00Z");
    failing(inventory);
    await red();
    const [old, fresh] = situation.live(inventory);
    expect(held(inventory)).toEqual([value(old, inventory), value(old, inventory)]);
    edit((settings) => settings.deleteIn(at(inventory, "proof")));
    await green();
    expect(held(inventory)).toEqual([value(fresh, inventory), value(fresh, inventory)]);
    // The overlap counts from then on.
    set("2026-12-20T06:30:00Z");
    expect(revocations((await green()).requests)).toEqual([]);
    set("2026-12-21T06:31:00Z");
    expect(revocations((await green()).requests)).toHaveLength(1);
    expect(situation.works(inventory)).toBe(true);
  });

  test("after the last attempt, what the run says and what the places hold agree, also after a refresh", {
    timeout: 300_000,
  }, async () => {
    situation = await Situation.start(engine, {});
    await green();
    failing(inventory);
    for (const day of ["2026-12-14", "2026-12-15", "2026-12-16"]) {
      set(`${day}T06:30:00Z`);
      await red();
    }
    const [old] = situation.live(inventory);
    for (let run = 0; run < 2; run++) {
      set(`2026-12-${17 + run}T06:30:00Z`);
      expect((await situation.refresh()).code).toBe(0);
      const { output } = await red();
      expect(held(inventory)).toEqual([value(old, inventory), value(old, inventory)]);
      expect(output.replace(/\s+/g, " ")).toContain('the token of generation "2026-11-23" is again in');
    }
  });

  test("a lifetime that is raised does not outlive the token: it is replaced before it dies", {
    timeout: 300_000,
  }, async () => {
    const lifetime = (days: number) => (settings: Document) => {
      const rotation = { startsOn: "2026-11-23", everyDays: days === 90 ? 60 : 336, lifetimeDays: days };
      settings.setIn(at(inventory, "rotation"), settings.createNode(rotation));
    };
    situation = await Situation.start(engine, { edit: lifetime(90) });
    await green();
    const [short] = situation.live(inventory);
    edit(lifetime(365));
    set("2027-01-25T06:30:00Z");
    await green();
    expect(situation.live(inventory)).toEqual([short]);
    // It dies on 21 February: within margin and overlap of that it is replaced in one run.
    set("2027-02-01T06:30:00Z");
    await green();
    expect(situation.works(inventory)).toBe(true);
    expect(situation.live(inventory)).toContain(short);
    // And revoked when the overlap is over, by what retired the token before it.
    set("2027-02-08T06:31:00Z");
    await green();
    expect(situation.works(inventory)).toBe(true);
    expect(situation.live(inventory)).not.toContain(short);
  });

  test("a token that a place of another account still holds is not revoked", { timeout: 300_000 }, async () => {
    // The scanner has not begun; it takes over a variable of the inventory.
    const moved = (settings: Document) => {
      settings.setIn(at(scanner, "rotation", "startsOn"), "2027-03-01");
      settings.setIn(at(scanner, "adopt", "expiresAt"), "2026-12-14");
      settings.setIn(at(scanner, "variables"), [
        { project: scanner.project, key: "GITLAB_API_TOKEN" },
        { project: inventory.project, key: "GITLAB_API_TOKEN" },
      ]);
      settings.setIn(at(inventory, "variables"), []);
    };
    situation = await Situation.start(engine, {});
    await green();
    const [first] = situation.live(inventory);
    edit(moved);
    set("2026-12-14T06:30:00Z");
    await situation.plainUp();
    set("2026-12-22T06:30:00Z");
    const { requests } = await situation.plainUp();
    expect(revocations(requests)).toEqual([]);
    expect(situation.live(inventory)).toContain(first);
    expect(situation.variable(inventory)).toBe(value(first, inventory));
  });

  test.each(["--target-replace", "--replace"])(
    "%s of the token in use revokes nothing, although onRemoval says so",
    {
      timeout: 300_000,
    },
    async (flag) => {
      situation = await Situation.start(engine, {
        edit: (settings) => settings.setIn(at(inventory, "onRemoval"), "revoke"),
      });
      await green();
      const [used] = situation.live(inventory);
      const urn = `urn:pulumi:sandbox::pat-rotation::pat-rotation:index:Account$runbook:index:PersonalAccessToken::inventory-2026-11-23`;
      const { requests } = await situation.plainUp([flag, urn]);
      expect(revocations(requests)).toEqual([]);
      expect(situation.live(inventory)).toContain(used);
      expect(situation.live(inventory).map((id) => value(id, inventory))).toContain(situation.variable(inventory));
    },
  );

  test("a place that cannot be set takes the rotation out of all places, and no attempt is counted", {
    timeout: 300_000,
  }, async () => {
    situation = await Situation.start(engine, {});
    await green();
    set("2026-12-14T06:30:00Z");
    const lift = refuse("PUT", /\/variables\//);
    const [old] = situation.live(inventory);
    for (const day of ["2026-12-14", "2026-12-15"]) {
      set(`${day}T06:30:00Z`);
      const { output, requests } = await red();
      expect(held(inventory)).toEqual([value(old, inventory), value(old, inventory)]);
      expect(output.replace(/\s+/g, " ")).toContain("A rotation stands in all places or in none");
      expect(writes(requests).filter((write) => /inventory-builder.*\/play/.test(write))).toEqual([]);
    }
    lift();
    set("2026-12-16T06:30:00Z");
    await green();
    expect(situation.works(inventory)).toBe(true);
    expect(situation.live(inventory)).toHaveLength(2);
  });

  test("a plain run with one red account leaves the other's rotation complete, and ends red", {
    timeout: 300_000,
  }, async () => {
    situation = await Situation.start(engine, {
      edit: (settings) => settings.setIn(at(inventory, "account", "username"), "nobody-of-that-name"),
    });
    set("2026-11-30T06:30:00Z");
    const { output } = await red();
    expect(situation.works(scanner)).toBe(true);
    expect(situation.live(scanner)).toHaveLength(2);
    expect(output).toMatch(/1 account failed, which held up no other:\s+inventory: runbook:Account failed:/);
    set("2026-12-07T06:31:00Z");
    await red();
    expect(situation.live(scanner)).toHaveLength(1);
  });
});

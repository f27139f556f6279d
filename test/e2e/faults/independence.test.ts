import { afterEach, describe, expect, test } from "vitest";
import { engines } from "../engines";
import { Situation } from "../situation";
import {
  declarationOf,
  endless,
  faulty,
  independenceWorld,
  type Name,
  names,
  owned,
  project,
  userId,
  username,
  vault,
  well,
} from "./independence";

const accounts = ["config", "pat-rotation:accounts"];
const at = (name: Name, ...path: (string | number)[]) => [...accounts, names.indexOf(name), ...path];

describe.each(engines)("a stack in which each account meets a fault of its own, on the $name", (engine) => {
  let situation: Situation;

  afterEach(async () => {
    expect(situation.leaks()).toEqual([]);
    await situation.stop();
  });

  const live = (name: Name) => situation.sandbox.gitlab.liveTokens(username(name));
  const held = (name: Name) => [
    situation.sandbox.gitlab.variable(project(name), "GITLAB_API_TOKEN"),
    situation.sandbox.onepassword.field(vault(name), name, "credential"),
  ];
  const handMade = (name: Name) => situation.sandbox.gitlab.tokenValue(name);
  const newest = (name: Name) => live(name).at(-1)?.value ?? "";

  /** What goes wrong on the day of the rotation. */
  function break_(): void {
    const { sandbox } = situation;
    sandbox.clock.set("2026-11-30T08:00:00Z");
    situation.stack.configure((settings) => {
      settings.setIn(accounts, settings.createNode(names.map(declarationOf)));
      settings.setIn(at("settings", "rotation", "startsOn"), "2026-02-30");
      settings.setIn(at("not-there", "variables", 0, "project"), "security/nowhere");
      for (const [name, account] of Object.entries(owned)) settings.setIn(at(name as Name, "account"), account);
      settings.setIn(["config", "pat-rotation:health"], true);
      const leaked = { generation: "adopted", reason: "posted in a chat", on: "2026-11-30" };
      settings.setIn(at("well-leaked", "rotation", "startsOn"), "2026-12-07");
      settings.setIn(at("well-leaked", "compromised"), [leaked]);
    });
    const refuse = (method: string, path: string | RegExp, status = 403) =>
      sandbox.traffic.inject({ fault: { kind: "server-error", status }, method, path, times: 1_000 });
    refuse("POST", new RegExp(`/service_accounts/${userId("mint-refused")}/personal_access_tokens`));
    refuse("PUT", new RegExp(`${encodeURIComponent(project("variable-locked"))}/variables`));
    refuse("POST", /\/groups\/security\/service_accounts$/);
    for (const method of ["POST", "PUT"])
      refuse(method, new RegExp(`${encodeURIComponent(project("member-refused"))}/members`));
    refuse("GET", new RegExp(`${encodeURIComponent(project("read-denied"))}/variables`));
    refuse("GET", sandbox.onepassword.state.vaultNamed("Elsewhere").id, 503);
    const item = [...sandbox.onepassword.state.vaultNamed("Security").items.values()].find(
      ({ title }) => title === "field-gone",
    );
    if (item !== undefined) item.fields = (item.fields ?? []).filter(({ label }) => label !== "credential");
    sandbox.gitlab.armJob(project("pipeline-red"), "work", { does: "fail" });
    sandbox.gitlab.armJob(project(endless), "work", { does: "hang" });
  }

  test.each([
    ["pulumi up", () => situation.plainUp()],
    ["npm run up", () => situation.npmRunUp()],
  ] as const)(
    "leaves all others' rotations complete in a run of %s, and ends with one line for each that failed",
    {
      timeout: 600_000,
    },
    async (_, up) => {
      situation = await Situation.start(engine, {
        world: independenceWorld(),
        edit: (settings) => {
          const declared = names.filter((name) => name !== "other-fleet");
          settings.setIn(accounts, declared.map(declarationOf));
        },
      });
      const first = await situation.up();
      expect(first.code, first.output).toBe(0);
      expect(live("well-retiring")).toHaveLength(2);

      break_();
      const run = await up();
      expect(run.code).not.toBe(0);
      const told = run.output.slice(run.output.lastIndexOf("accounts failed, which held up no other:"));
      const [paragraph = ""] = told.split(/\n\s*\n/);
      const begins = new RegExp(`^ +(?=(?:${Object.keys(faulty).join("|")}): )`, "m");
      // An account takes as many lines as its fault needs.
      const lines = paragraph
        .split(begins)
        .slice(1)
        .map((text) => text.replace(/\s+/g, " ").trim());
      expect(lines.map((line) => line.split(":")[0])).toEqual(Object.keys(faulty).sort());
      for (const line of lines) {
        const [name = "", ...rest] = line.split(": ");
        // A screen may have room for the beginning of it only: then what it failed of stands above.
        const expected = faulty[name as keyof typeof faulty];
        const isCut = / …$/.test(line);
        const where = isCut ? run.output.replace(/\s+/g, " ") : rest.join(": ");
        expect(where).toMatch(
          isCut ? new RegExp(expected.source.replace("^", "").replaceAll(/\w+:\w+ failed: /g, "")) : expected,
        );
      }
      expect(run.output).toContain(`${Object.keys(faulty).length} accounts failed`);
      expect(run.output).not.toMatch(/serializing|^ +at /m);

      // Those that met no fault are done with all that was due.
      expect(live("well-rotating")).toHaveLength(2);
      expect(held("well-rotating")).toEqual([newest("well-rotating"), newest("well-rotating")]);
      expect(live("well-retiring")).toHaveLength(1);
      expect(held("well-retiring")).toEqual([newest("well-retiring"), newest("well-retiring")]);
      expect(live("well-leaked")).toHaveLength(1);
      expect(newest("well-leaked")).not.toBe(handMade("well-leaked"));
      expect(held("well-leaked")).toEqual([newest("well-leaked"), newest("well-leaked")]);
      const { rotations } = (await situation.stack.outputs()) as { rotations: Record<string, { provedAt?: string }> };
      for (const name of well) expect(rotations[name]?.provedAt, name).toMatch(/^2026-11-(23|30)T/);

      // Nobody else lost a token that works: the hand-made one lives, and what is in place is alive.
      for (const name of names.filter((one) => !(well as readonly string[]).includes(one))) {
        expect(
          live(name).map(({ value }) => value),
          name,
        ).toContain(handMade(name));
        expect(
          live(name).map(({ value }) => value),
          name,
        ).toContain(held(name)[0]);
      }
      expect(live("mint-refused")).toHaveLength(1);
      expect(held("pipeline-red")).toEqual([handMade("pipeline-red"), handMade("pipeline-red")]);
      expect(rotations[endless]).not.toHaveProperty("provedAt");
      expect(held(endless)).toEqual([newest(endless), newest(endless)]);
    },
  );
});

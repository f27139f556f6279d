import { afterEach, describe, expect, test } from "vitest";
import type { Document } from "yaml";
import { plan } from "../../../commands/plan";
import { readConfiguration } from "../../../settings/pulumi/configuration";
import { textOf } from "../../../settings/pulumi/texts";
import { room } from "../../../settings/received";
import { folderTree } from "../../../settings/tree";
import { engines } from "../engines";
import { Situation } from "../situation";

describe.each(engines)("a plan and a run of the same files, on the $name", (engine) => {
  let situation: Situation;

  afterEach(async () => {
    await situation.stop();
  });

  const planned = (today: string) =>
    plan(["--stack", "sandbox", "--days", "60"], { folder: situation.stack.folder, environment: {}, today });

  test.each(["freezes", "pat-rotation:config:freezes"])(
    "mean one thing where a freeze stands under the key %s, and another key is left empty",
    { timeout: 240_000 },
    async (key) => {
      // Only the freeze has the scanner rotate today, and not on the Monday in a week.
      situation = await Situation.start(engine, {
        edit: (settings) => {
          settings.deleteIn(["config", "pat-rotation:freezes"]);
          settings.setIn(["config", key], [{ from: "2026-11-24", to: "2026-12-06" }]);
          settings.setIn(["config", "pat-rotation:policies"], null);
        },
      });
      expect(planned("2026-11-23").stdout).toMatch(/Mon 23 Nov 2026 +today +scanner +new token +2026-11-23/);
      const preview = await situation.preview();
      expect(preview.code, preview.output).toBe(0);
      expect(preview.output).toContain("this run mints 2 tokens");
    },
  );
});

describe.each(engines)("the room for the configuration, on the $name", (engine) => {
  test("is enough to the byte for what a plan lets pass, and not for a byte more", { timeout: 240_000 }, async () => {
    // What HTML escapes travels as six characters, or as seven inside of a list.
    const padded = (more: number) => (settings: Document) => {
      settings.setIn(["config", "other:days"], [settings.createNode("a<b>&c")]);
      settings.setIn(["config", "other:padding"], `${"<>&".repeat(5_000)}${"x".repeat(more)}`);
    };
    const situation = await Situation.start(engine, { edit: padded(0) });
    const { stack } = situation;
    const size = () => {
      const read = readConfiguration(folderTree(stack.folder), "sandbox");
      const texts = [...(read?.entries ?? [])].map(
        ([name, entry]) => [name, textOf(entry.value, { ...entry, decrypt: (text) => text })] as const,
      );
      return room(texts);
    };
    const planned = () =>
      plan(["--stack", "sandbox"], { folder: stack.folder, environment: {}, today: "2026-11-23" }).stdout;
    const left = 128 * 1024 - size();
    stack.configure(padded(left));
    expect([size(), planned().includes("bytes of configuration")]).toEqual([128 * 1024, false]);
    const fits = await situation.preview();
    expect(fits.code, fits.output.slice(0, 2_000)).toBe(0);
    stack.configure(padded(left + 1));
    expect(planned()).toContain("131073 bytes of configuration");
    expect((await situation.preview()).output).toMatch(/argument list too long|E2BIG/i);
    await situation.stop();
  });
});

describe.each(engines)("a pretended day, on the $name", (engine) => {
  let situation: Situation;
  let isElsewhere = false;

  afterEach(async () => {
    isElsewhere = false;
    await situation.stop();
  });

  test("is one day for the program and for the providers, in a preview of any GitLab; an update refuses it", {
    timeout: 240_000,
  }, async () => {
    situation = await Situation.start(engine, {
      // A token that has been dead since by any clock but the pretended one.
      edit: (settings) => {
        const short = { everyDays: 3, weekday: "any", lifetimeDays: 6, overlapDays: 1, marginDays: 1 };
        settings.setIn(["config", "pat-rotation:accounts", 0, "rotation"], { startsOn: "2026-11-23", ...short });
      },
      environment: ({ environment }) => {
        const address = (environment.GITLAB_BASE_URL ?? "").replace("127.0.0.1", "0.0.0.0");
        return isElsewhere ? { ...environment, GITLAB_BASE_URL: address } : environment;
      },
    });
    const first = await situation.up();
    expect(first.code, first.output).toBe(0);
    situation.sandbox.clock.set("2026-11-24T06:30:00Z");
    const told = ({ output }: { readonly output: string }) =>
      output
        .split("\n")
        .filter(
          (line) =>
            /Tue 24 Nov|inventory|scanner|warning:/.test(line) && !/TLS|Duration|Account \(inventory\):/.test(line),
        );
    const inSandbox = await situation.preview(["--diff"]);
    isElsewhere = true;
    const elsewhere = await situation.preview(["--diff"]);
    expect(elsewhere.code, elsewhere.output).toBe(0);
    expect(told(elsewhere).sort()).toEqual(told(inSandbox).sort());
    const update = await situation.up();
    expect(update.code).not.toBe(0);
    expect(update.output).toContain("an update works for the real date only");
    expect(update.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });
});

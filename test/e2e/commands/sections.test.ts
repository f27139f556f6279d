import { afterEach, describe, expect, test } from "vitest";
import type { Document } from "yaml";
import { engines } from "../engines";
import { inventory, Situation, writes } from "../situation";

const accounts = ["config", "pat-rotation:accounts"];

describe.each(engines)("one item in two sections on the $name", (engine) => {
  let situation: Situation;

  afterEach(async () => {
    expect(situation.leaks()).toEqual([]);
    await situation.stop();
  });

  const declare =
    (...sections: readonly string[]) =>
    (settings: Document) => {
      settings.deleteIn([...accounts, 1]);
      const place = { vault: "Security", item: inventory.item, field: "credential" };
      const places = sections.map((section) => ({ ...place, section }));
      settings.setIn([...accounts, 0, "onePassword"], places);
    };

  const held = () => {
    const [item] = situation.sandbox.onepassword.items("Security", inventory.item);
    const labels = new Map(item?.sections?.map(({ id, label }) => [id, label]));
    return Object.fromEntries(
      (item?.fields ?? [])
        .filter(({ label }) => label === "credential")
        .map(({ section, value }) => [labels.get(section?.id ?? ""), value]),
    );
  };

  test("a second section that is declared later gets the token, and no place is taken for the other", {
    timeout: 240_000,
  }, async () => {
    situation = await Situation.start(engine, { edit: declare("GitLab") });
    for (const item of situation.sandbox.onepassword.state.vaultNamed("Security").items.values()) {
      if (item.title !== inventory.item) continue;
      item.sections?.push({ id: "operations", label: "Operations" });
      item.fields?.push({ id: "second", type: "CONCEALED", label: "credential", section: { id: "operations" } });
    }
    expect((await situation.up()).code).toBe(0);
    const token = situation.variable(inventory);
    expect(held()).toEqual({ GitLab: token, Operations: undefined });
    const live = situation.live(inventory);

    situation.stack.configure(declare("Operations", "GitLab"));
    const added = await situation.up();
    expect(added.code, added.output).toBe(0);
    // The pipelines prove it anew, now that another place holds it.
    const stored = writes(added.requests).filter((one) => !one.includes("/play"));
    expect(stored.map((one) => one.replace(/[a-z0-9]{26}/g, "…"))).toEqual(["PATCH /v1/vaults/…/items/…"]);
    expect(held()).toEqual({ GitLab: token, Operations: token });
    expect(situation.live(inventory)).toEqual(live);
    const state = await situation.stack.state();
    for (const section of ["Operations", "GitLab"]) expect(state).toContain(`/field=credential/section=${section}`);

    situation.stack.configure(declare("Operations"));
    const taken = await situation.up();
    expect(taken.code, taken.output).toBe(0);
    expect(writes(taken.requests).filter((one) => !one.includes("/play"))).toEqual([]);
    expect(held()).toEqual({ GitLab: token, Operations: token });
    const rest = await situation.up(["--expect-no-changes"]);
    expect(rest.code, rest.output).toBe(0);
  });
});

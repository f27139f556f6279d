import { describe, expect, it } from "vitest";
import { dayOf } from "../../../providers/onepassword/dateField";
import type { Consumer } from "../../../providers/runbook/consumers";
import { ensureConsumers } from "../../../providers/runbook/consumers";
import { personalAccessToken } from "../../../providers/runbook/personalAccessToken";
import { putBack } from "../../../providers/runbook/putBack";
import { servers } from "../../../providers/runbook/servers";
import { benches, generationInputs, inventory, variable } from "./bench";

const bench = benches();
const held = () => bench().sandbox.gitlab.variable(inventory.project, "GITLAB_API_TOKEN");
const elsewhere: Consumer = { kind: "variable", project: "security/nowhere", key: "GITLAB_API_TOKEN" };

async function token(generation: string, expiresAt: string) {
  const { outputs } = await personalAccessToken.create(generationInputs({ generation, expiresAt }), bench().context);
  return { generation, token: outputs.token ?? "" };
}

describe("putting back", () => {
  it("does not put back a token that dies before anybody could mend the cause", async () => {
    const before = held();
    const dying = await token("2026-01-05", "2026-11-25");
    const { done, told } = await putBack([dying], [variable], servers(bench().context));
    expect(done).toBe(false);
    expect(told).toContain('the token of generation "2026-01-05" cannot be put back: it dies on 2026-11-25');
    expect(held()).toBe(before);
  });

  it("restores the expiry of an item with its value, in one write", async () => {
    const earlier = await token("2026-01-05", "2027-01-05");
    const [item] = bench().sandbox.onepassword.items("Security", inventory.title);
    const fieldId = item?.fields?.find(({ label }) => label === "credential")?.id ?? "";
    const place: Consumer = { kind: "item", vaultUuid: item?.vault.id ?? "", itemUuid: item?.id ?? "", fieldId };
    const at = servers(bench().context);
    const value = { token: (await token("2026-11-23", "2027-11-23")).token, expiresAt: "2027-11-23" };
    expect(await ensureConsumers(at, [place], value)).toMatchObject({ failures: [] });
    const day = () => dayOf(bench().sandbox.onepassword.field("Security", inventory.title, "expires"));
    expect(day()).toBe("2027-11-23");
    bench().requests();
    expect((await putBack([earlier], [place], at)).told).toContain("works until 2027-01-05");
    expect(bench().sandbox.onepassword.field("Security", inventory.title, "credential")).toBe(earlier.token);
    expect(day()).toBe("2027-01-05");
    const writes = bench()
      .requests()
      .filter((request) => !request.startsWith("GET"));
    expect(writes).toEqual(["PATCH /vaults/<id>/items/<id> 200"]);
  });

  it("takes the next one that lives for long enough", async () => {
    const dying = await token("2026-01-05", "2026-11-25");
    const other = await token("2026-01-12", "2026-11-26");
    expect((await putBack([dying, other], [variable], servers(bench().context))).done).toBe(true);
    expect(held()).toBe(other.token);
  });

  it("counts as done even when every answer was lost: the places may hold the earlier value", async () => {
    const earlier = await token("2026-01-05", "2027-01-05");
    bench().sandbox.gitlab.inject({ fault: { kind: "lost-answer" }, method: "PUT", times: 2 });
    const { done, told } = await putBack([earlier], [variable], servers(bench().context));
    expect(told).toContain("Put back in part");
    expect(held()).toBe(earlier.token);
    expect(done).toBe(true);
  });

  it("in part says which places are left", async () => {
    const earlier = await token("2026-01-05", "2027-01-05");
    const { done, told } = await putBack([earlier], [variable, elsewhere], servers(bench().context));
    expect(done).toBe(true);
    expect(told).toContain('variable "GITLAB_API_TOKEN" of project "security/nowhere" could not be set');
    expect(held()).toBe(earlier.token);
  });
});

describe("ensuring that places hold a value", () => {
  it("writes only to those that hold another one", async () => {
    const { token: value } = await token("2026-11-23", "2027-11-23");
    const at = servers(bench().context);
    expect(await ensureConsumers(at, [variable], { token: value })).toMatchObject({ failures: [] });
    expect(held()).toBe(value);
    bench().requests();
    expect(await ensureConsumers(at, [variable], { token: value })).toMatchObject({ failures: [] });
    expect(
      bench()
        .requests()
        .map((request) => request.split(" ")[0]),
    ).toEqual(["GET"]);
    expect((await ensureConsumers(at, [elsewhere], { token: value })).failures).toHaveLength(1);
  });
});

import { describe, expect, it } from "vitest";
import { dayOf } from "../../../../clients/onepassword/dateField";
import { servers } from "../../../../clients/servers";
import type { Consumer } from "../../../../contract/types/places";
import { ensureConsumers } from "../../../../providers/runbook/consumers";
import { heldText } from "../../../../providers/runbook/proof/earlier";
import { putBack } from "../../../../providers/runbook/proof/putBack";
import { personalAccessToken } from "../../../../providers/runbook/token/personalAccessToken";
import { benches, generationInputs, inventory, variable } from "../bench";
import { placed } from "./proofs";

const bench = benches();
const held = () => bench().sandbox.gitlab.variable(inventory.project, "GITLAB_API_TOKEN");
const elsewhere: Consumer = { kind: "variable", project: "security/nowhere", key: "GITLAB_API_TOKEN" };

const writes = () =>
  bench()
    .requests()
    .filter((request) => /^(PUT|PATCH)/.test(request));

async function token(generation: string, expiresAt: string) {
  const { outputs } = await personalAccessToken.create(generationInputs({ generation, expiresAt }), bench().context);
  return { generation, token: outputs.token ?? "" };
}

describe("putting back", () => {
  it.each(["2026-11-25", "2026-12-07"])("does not put back a token that missed runs would let die: %s", async (day) => {
    const before = held();
    const dying = await token("2026-01-05", day);
    const { done, told, earlier } = await putBack([dying], [variable], 14, servers(bench().context));
    expect(done).toBe(false);
    expect(earlier).toBeUndefined();
    expect(told).toContain(
      `the token of generation "2026-01-05" cannot be put back: it dies on ${day}, within the margin of 14 days`,
    );
    expect(held()).toBe(before);
    expect(writes()).toEqual([]);
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
    expect((await putBack([earlier], [place], 14, at)).told).toContain("works until 2027-01-05");
    expect(bench().sandbox.onepassword.field("Security", inventory.title, "credential")).toBe(earlier.token);
    expect(day()).toBe("2027-01-05");
    expect(writes()).toEqual(["PATCH /vaults/<id>/items/<id> 200"]);
  });

  it("takes the next one that outlives the margin, and says which it was", async () => {
    const dying = await token("2026-01-05", "2026-12-07");
    const other = await token("2026-01-12", "2026-12-08");
    const { done, earlier } = await putBack([dying, other], [variable], 14, servers(bench().context));
    expect(done).toBe(true);
    expect(earlier).toEqual(other);
    expect(held()).toBe(other.token);
  });

  it("writes nothing into places that hold it already", async () => {
    const earlier = await token("2026-01-05", "2027-01-05");
    const at = servers(bench().context);
    await putBack([earlier], [variable], 14, at);
    bench().requests();
    expect((await putBack([earlier], [variable], 14, at)).done).toBe(true);
    expect(bench().requests()).toEqual([
      "GET /personal_access_tokens/self 200",
      "GET /projects/security/inventory-builder/variables/GITLAB_API_TOKEN 200",
    ]);
  });

  it("looks, where an answer was lost, and sets no second time what is there", async () => {
    const earlier = await token("2026-01-05", "2027-01-05");
    bench().sandbox.gitlab.inject({ fault: { kind: "lost-answer" }, method: "PUT", times: 1 });
    const { requests } = bench().sandbox.gitlab;
    const before = requests.length;
    const { told } = await putBack([earlier], [variable], 14, servers(bench().context));
    expect(told).toContain("Put back: ");
    expect(held()).toBe(earlier.token);
    expect(
      bench()
        .sandbox.gitlab.requests.slice(before)
        .filter(({ method }) => method === "PUT"),
    ).toHaveLength(1);
  });

  it("counts as done even when every answer was lost: the places may hold the earlier value", async () => {
    const earlier = await token("2026-01-05", "2027-01-05");
    bench().sandbox.gitlab.inject({ fault: { kind: "lost-answer" }, method: "PUT", times: 2 });
    bench().sandbox.gitlab.inject({ fault: { kind: "server-error" }, method: "GET", path: /\/variables\//, times: 20 });
    const { done, told } = await putBack([earlier], [variable], 14, servers(bench().context));
    expect(told).toContain("Put back in part");
    expect(held()).toBe(earlier.token);
    expect(done).toBe(true);
  });

  it("does not know, while GitLab has trouble, whether an earlier token works, and says so", async () => {
    const before = held();
    const earlier = await token("2026-01-05", "2027-01-05");
    const fault = { kind: "server-error" } as const;
    bench().sandbox.gitlab.inject({ fault, method: "GET", path: "/personal_access_tokens/self", times: 5 });
    const { done, isUnsure, told } = await putBack([earlier], [variable], 14, servers(bench().context));
    expect({ done, isUnsure }).toEqual({ done: false, isUnsure: true });
    expect(told).toMatch(
      /^Not put back: the token of generation "2026-01-05" cannot be put back: GET .* answered 500.*The places are left as they are: the next run looks again\. Nothing was revoked\.$/,
    );
    expect(held()).toBe(before);
  });

  it("in part says which places are left", async () => {
    const earlier = await token("2026-01-05", "2027-01-05");
    const { done, told } = await putBack([earlier], [variable, elsewhere], 14, servers(bench().context));
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

describe("where nothing can be put back", () => {
  it("what is told of the places is what they hold: somebody may have set one meanwhile", async () => {
    const at = servers(bench().context);
    const inputs = await placed(bench(), []);
    expect(await heldText(inputs, at)).toBe("The places hold the new token, which lives; nothing was revoked.");
    const { token: other } = await token("2026-11-24", "2027-11-20");
    await ensureConsumers(at, [variable], { token: other });
    expect(await heldText(inputs, at)).toBe(
      'Of the places, CI/CD variable "GITLAB_API_TOKEN" of project "security/inventory-builder" holds another value than the new token.',
    );
  });
});

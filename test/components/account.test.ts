import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test } from "vitest";
import { Account } from "../../components/account";
import type { AccountDeclaration } from "../../rotation/settings";
import { parseSettings } from "../../rotation/settings";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

const registered: Registered[] = [];
const token = 7;
let provenToken = token;

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    call: ({ inputs }) => inputs,
    newResource: ({ type, name, inputs, id }) => {
      registered.push({ type, name, inputs });
      const state: Record<string, Record<string, unknown>> = {
        "runbook:index:Account": { userId: 201, opened: [] },
        "runbook:index:PersonalAccessToken": { tokenId: token, token: "value", status: "live" },
        "runbook:index:TokenProof": { tokenId: provenToken, provedAt: "2026-11-23T06:30:00Z" },
        "runbook:index:PipelineProof": { tokenId: provenToken, provedAt: "2026-11-23T06:31:00Z", runs: [] },
      };
      return { id: id ?? name, state: { ...inputs, ...state[type] } };
    },
  });
});

/** What the step that retires the first generation is told of its successor, on a day after the overlap. */
async function successor(proof: readonly object[]): Promise<unknown> {
  registered.length = 0;
  const [declaration] = parseSettings({
    fleet: "fleet",
    accounts: [
      {
        name: "inventory",
        account: { group: "security", username: "gl-security-inventory" },
        token: { name: "Inventory", scopes: ["api"] },
        rotation: { startsOn: "2026-11-23", extraDates: [{ date: "2026-12-14" }] },
        proof,
      },
    ],
  }).accounts as readonly [AccountDeclaration];
  const account = new Account("inventory", { declaration, fleet: "fleet", freezes: [], today: "2026-12-28" });
  await new Promise((resolve) => account.state.apply(resolve));
  const retired = registered.find(({ name }) => name === "inventory-2026-11-23");
  return (retired?.inputs.retire as { successor?: unknown } | undefined)?.successor;
}

const pipelines = [{ project: "security/inventory-builder", ref: "main" }];

test.each([
  ["by its pipelines", pipelines, "2026-11-23T06:31:00Z"],
  ["by itself", [], "2026-11-23T06:30:00Z"],
])("an account's old token is retired by the proof of its successor, %s", async (_, proof, provedAt) => {
  provenToken = token;
  expect(await successor(proof)).toMatchObject({ generation: "2026-12-14", tokenId: token, provedAt });
});

test.each([
  ["pipelines", pipelines],
  ["token alone", []],
])("a proof of an earlier token, which a run passed over, is no proof of this one: %s", async (_, proof) => {
  provenToken = token - 1;
  const told = await successor(proof);
  expect(told).toMatchObject({ generation: "2026-12-14", tokenId: token });
  expect(told).not.toHaveProperty("provedAt");
});

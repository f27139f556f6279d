import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { Account } from "../../components/account";
import type { AccountDeclaration } from "../../rotation/declaration/settings";
import { parseSettings } from "../../rotation/declaration/settings";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

const registered: Registered[] = [];
const token = 7;
let provenToken = token;
/** The kind of step that fails of itself. */
let broken: string | undefined;

beforeEach(() => {
  provenToken = token;
  broken = undefined;
});

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    call: ({ inputs }) => inputs,
    newResource: ({ type, name, inputs, id }) => {
      registered.push({ type, name, inputs });
      const state: Record<string, Record<string, unknown>> = {
        "runbook:index:Account": { userId: 201, opened: [], fault: "" },
        "runbook:index:PersonalAccessToken": {
          tokenId: token,
          token: "value",
          status: "live",
          swept: false,
          fault: "",
        },
        "runbook:index:TokenProof": { tokenId: provenToken, provedAt: "2026-11-23T06:30:00Z", fault: "" },
        "runbook:index:PipelineProof": { tokenId: provenToken, provedAt: "2026-11-23T06:31:00Z", runs: [], fault: "" },
        "runbook:index:Retirement": { hold: "", fault: "" },
      };
      // What failed, or was stopped, is not there: it tells its fault, and nothing else.
      const fault = type === broken ? `${name} failed` : inputs.stoppedBy;
      return { id: id ?? name, state: fault ? { fault } : { ...inputs, ...state[type] } };
    },
  });
});

/** Makes an account whose first generation is retired by now: the day is one after the overlap. */
async function made(proof: readonly object[]): Promise<Account> {
  registered.length = 0;
  const [declaration] = parseSettings({
    fleet: "fleet",
    accounts: [
      {
        name: "inventory",
        account: { group: "security", username: "gl-security-inventory" },
        token: { name: "Inventory", scopes: ["api"] },
        rotation: { startsOn: "2026-11-23", extraDates: [{ date: "2026-12-14" }] },
        variables: [{ project: "security/inventory-builder", key: "GITLAB_API_TOKEN" }],
        proof,
      },
    ],
  }).accounts as readonly [AccountDeclaration];
  const account = new Account("inventory", {
    declaration,
    fleet: "fleet",
    freezes: [],
    today: "2026-12-28",
    declared: pulumi.output(1),
  });
  await new Promise((resolve) => account.fault.apply(resolve));
  await new Promise((resolve) => account.state.apply(resolve));
  return account;
}

/** What the step that retires the first generation is told of its successor. */
async function successor(proof: readonly object[]): Promise<unknown> {
  await made(proof);
  const retired = registered.find(({ type }) => type === "runbook:index:Retirement");
  expect(retired?.name).toBe("inventory-2026-11-23");
  return (retired?.inputs.retire as { successor?: unknown } | undefined)?.successor;
}

const pipelines = [{ project: "security/inventory-builder", ref: "main" }];
const proofs = [
  ["its pipelines", pipelines],
  ["its places", []],
] as const;

test.each(proofs)("an account's old token is retired by the proof of its successor, by %s", async (_, proof) => {
  const told = { generation: "2026-12-14", tokenId: token, token: "value", provedAt: "2026-11-23T06:31:00Z" };
  expect(await successor(proof)).toEqual(told);
});

test.each(proofs)(
  "a proof of an earlier token, which a run passed over, is no proof of this one, by %s",
  async (_, proof) => {
    provenToken = token - 1;
    const told = await successor(proof);
    expect(told).toMatchObject({ generation: "2026-12-14", tokenId: token });
    expect(told).not.toHaveProperty("provedAt");
  },
);

test("every token comes before the places, also one that is retired; its end comes after the proof", async () => {
  await made([]);
  expect(registered.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`)).toEqual([
    "Account inventory",
    "Account inventory",
    "PersonalAccessToken inventory-2026-12-14",
    "PersonalAccessToken inventory-2026-11-23",
    "TokenProof inventory",
    "ProjectVariable inventory/security/inventory-builder/GITLAB_API_TOKEN",
    "PipelineProof inventory",
    "Retirement inventory-2026-11-23",
  ]);
});

test("an account in which nothing fails has no fault, and hands none down", async () => {
  const account = await made(pipelines);
  expect(await settled(account.fault)).toBe("");
  expect(registered.map(({ inputs }) => inputs.stoppedBy ?? "")).toEqual(registered.map(() => ""));
  expect(storedValue()).toBe("value");
});

/** The steps that a fault stops, by the kind of the one that fails. */
const stops = [
  ["Account", ["PersonalAccessToken", "PersonalAccessToken", "TokenProof", "Placement", "PipelineProof", "Retirement"]],
  ["PersonalAccessToken", ["TokenProof", "Placement", "PipelineProof", "Retirement"]],
  ["TokenProof", ["Placement", "PipelineProof", "Retirement"]],
  ["Placement", ["PipelineProof", "Retirement"]],
  ["PipelineProof", ["Retirement"]],
] as const;

test.each(stops)("a fault of %s stops the steps after it, and no place is set after one", async (kind, stopped) => {
  broken = `runbook:index:${kind}`;
  const account = await made(pipelines);
  expect(await settled(account.fault)).toMatch(/ failed$/);
  const told = registered.filter(({ inputs }) => inputs.stoppedBy);
  for (const { inputs } of told) expect(inputs.stoppedBy).toMatch(/^inventory.* failed$/);
  expect(told.map(({ type }) => type.split(":").at(-1))).toEqual(stopped);
  expect(storedValue()).toBe(stopped.includes("Placement" as never) ? "" : "value");
});

function storedValue(): unknown {
  const { value } = registered.find(({ type }) => type.endsWith(":ProjectVariable"))?.inputs ?? {};
  // A secret arrives as one.
  return typeof value === "object" && value !== null && "value" in value ? value.value : value;
}

function settled<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

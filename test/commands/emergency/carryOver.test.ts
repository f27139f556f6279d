import { expect, test } from "vitest";
import { carryOver } from "../../../commands/emergency/carryOver";
import { type KnownState, knownState } from "../../../commands/emergency/state";
import { readStack } from "../../../settings/stackFile";
import { stackYaml, tree } from "../../settings/trees";

const file = "Pulumi.prod.yaml";
const today = "2026-12-02";
const leak = { generation: "2026-11-23", reason: "in a chat", on: "2026-12-01" };

/** A state in which an emergency replaced the first generation, as it is left behind. */
function state(parts: { readonly leak?: object; readonly status?: string; readonly opened?: string } = {}): KnownState {
  const { leak: told = leak, status = "revoked", opened = "2026-12-01" } = parts;
  const outputs = { account: "inventory", userId: 201 };
  const resources = [
    { type: "pulumi:pulumi:Stack" },
    {
      type: "runbook:index:Account",
      outputs: {
        ...outputs,
        opened: [
          { name: "2026-11-23", expiresAt: "2027-11-23" },
          { name: opened, expiresAt: "2027-12-01" },
        ],
        compromised: [told],
      },
    },
    {
      type: "runbook:index:PersonalAccessToken",
      outputs: { ...outputs, generation: "2026-11-23", tokenId: 7, status },
    },
    // A resource that a later version writes otherwise is passed over.
    { type: "runbook:index:PersonalAccessToken", outputs: { account: 3 } },
  ];
  return knownState(JSON.stringify({ version: 3, deployment: { resources } }));
}

function carried(text: string, known = state(), day = today) {
  const files = tree({ [file]: text });
  const settings = readStack(files, "prod")?.settings;
  if (settings === undefined) throw new Error("the test's settings cannot be used");
  return carryOver(files, "prod", settings, known, day);
}

const plainly = stackYaml();
const line = '      compromised: [{ generation: "2026-11-23", reason: "in a chat", on: "2026-12-01" }]';

test("what an emergency declared is put into a declaration that does not say so", () => {
  const { files, faults } = carried(plainly);
  expect(faults).toEqual([]);
  expect(files.map(({ file: name, text }) => [name, text])).toEqual([
    [file, plainly.replace('startsOn: "2026-11-23" }', `startsOn: "2026-11-23" }\n${line}`)],
  ]);
  expect(files[0]?.told).toContain(
    'generation "2026-11-23" is compromised (in a chat), and a new token was made on 2026-12-01',
  );
});

test("one that declares it, or a state without any, is left alone", () => {
  expect(carried(stackYaml(line)).files).toEqual([]);
  expect(carried(plainly, knownState(undefined))).toEqual({ files: [], generations: [], faults: [] });
  expect(carried(plainly, knownState(JSON.stringify({ version: 3 })))).toEqual({
    files: [],
    generations: [],
    faults: [],
  });
});

test("an entry that was taken away when the leak was over stays away", () => {
  const kept = plainly.replace('"2026-11-23" }', '"2026-11-23", extraDates: [{ date: "2026-12-01" }] }');
  expect(carried(kept).files).toEqual([]);
  // But not while its token lives.
  expect(carried(kept, state({ status: "live" })).files).toHaveLength(1);
});

test("a leak that opened nothing is carried over while its token is in use again, or lives", () => {
  const { on: _, ...undated } = leak;
  expect(carried(plainly, state({ leak: undated })).files).toHaveLength(1);
  const rotated = plainly.replace('"2026-11-23" }', '"2026-11-23", extraDates: [{ date: "2026-12-01" }] }');
  expect(carried(rotated, state({ leak: undated })).files).toEqual([]);
  expect(carried(rotated, state({ leak: undated, status: "live" })).files).toHaveLength(1);
});

test("generations that have expired need no carrying over", () => {
  expect(carried(plainly, state(), "2028-06-01").files).toEqual([]);
});

test("what only a person can write is told, and nothing is written", () => {
  const aliased = `none: &none []\n${stackYaml("      compromised: *none")}`;
  const { files, faults } = carried(aliased);
  expect(files).toEqual([]);
  expect(faults).toEqual([expect.stringContaining('"compromised" is written elsewhere (*none)')]);
});

test("the end of a token is told by its retirement: its own resource keeps what it was minted as", () => {
  const outputs = { account: "inventory", generation: "2026-11-23" };
  const token = { type: "runbook:index:PersonalAccessToken", outputs: { ...outputs, tokenId: 7, status: "live" } };
  const end = (status: string) => ({ type: "runbook:index:Retirement", outputs: { ...outputs, status } });
  const known = (...resources: object[]) =>
    knownState(JSON.stringify({ version: 3, deployment: { resources } })).tokens.map(({ status }) => status);
  expect(known(token)).toEqual(["live"]);
  expect(known(token, end("live"))).toEqual(["live"]);
  expect(known(token, end("revoked"))).toEqual(["revoked"]);
});

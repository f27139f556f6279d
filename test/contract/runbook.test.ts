import { describe, expect, test } from "vitest";
import type { PropertySchema } from "../../contract/form/package";
import { schema } from "../../contract/runbook";

/** Every property of the package, by the place where it stands. */
const properties = new Map<string, PropertySchema>();
const note = (place: string, named: Readonly<Record<string, PropertySchema>> = {}) => {
  for (const [name, property] of Object.entries(named)) properties.set(`${place}.${name}`, property);
};
const nameOf = (token: string) => token.replace("runbook:index:", "");
for (const [token, type] of Object.entries(schema.types ?? {})) note(nameOf(token), type.properties);
for (const [token, resource] of Object.entries(schema.resources)) {
  note(`${nameOf(token)}<`, resource.inputProperties);
  note(`${nameOf(token)}>`, resource.properties);
}
for (const [token, call] of Object.entries(schema.functions ?? {})) {
  note(`${nameOf(token)}<`, call.inputs?.properties);
  note(`${nameOf(token)}>`, call.outputs?.properties);
}
const where = (holds: (property: PropertySchema) => boolean) =>
  [...properties].flatMap(([place, property]) => (holds(property) ? [place] : [])).sort();

describe("what a stack's state remembers, and no edit may change", () => {
  test("is the resources' type tokens", () => {
    expect(Object.keys(schema.resources).map(nameOf).sort()).toEqual([
      "Account",
      "Group",
      "Notice",
      "OpenBaoSecret",
      "PersonalAccessToken",
      "PipelineProof",
      "Placement",
      "Retirement",
      "SelfRotatingToken",
      "TokenProof",
      "TrackingIssue",
    ]);
  });

  test("is what is encrypted in it", () => {
    expect(where(({ secret }) => secret === true)).toEqual([
      "LastProven.token",
      "OpenBaoSecret<.value",
      "OpenBaoSecret>.value",
      "PersonalAccessToken>.token",
      "PipelineProof<.previousToken",
      "PipelineProof<.token",
      "Retirement<.token",
      "SelfRotatingToken>.token",
      "Successor.token",
      "TokenProof<.token",
      "TokenProof>.adoptedToken",
    ]);
  });

  test("is what makes another resource", () => {
    expect(where((one) => one.replaceOnChanges === true || one.willReplaceOnChanges === true)).toEqual([
      "Group<.group",
    ]);
  });
});

test("only an input has a default, and each is told", () => {
  const defaults = where((one) => one.default !== undefined).map((place) => [place, properties.get(place)?.default]);
  expect(Object.fromEntries(defaults)).toEqual({
    "OpenBaoSecret<.field": "token",
    "OpenBaoSecret<.mount": "secret",
    "PersonalAccessToken<.onRemoval": "refuse",
    "PipelineProof<.marginDays": 14,
    "PipelineProof<.maxAttempts": 3,
    "SelfRotatingToken<.onRemoval": "refuse",
  });
});

test("everything is described, and every type that is referred to is there", () => {
  expect(where(({ description = "" }) => description === "")).toEqual([]);
  const referred = [...properties.values()].flatMap(({ $ref, items }) => $ref ?? items?.$ref ?? []);
  expect([...new Set(referred)].sort()).toEqual(
    Object.keys(schema.types ?? {})
      .map((token) => `#/types/${token}`)
      .sort(),
  );
});

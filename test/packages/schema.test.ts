import { expect, test } from "vitest";
import { schema } from "../../packages/pat-rotation/schema";
import stack from "../../settings/schema/stack.json";

const texts = JSON.stringify(schema);

test("each type that the package refers to is in it, and each of its types is used", () => {
  const used = [...texts.matchAll(/"#\/types\/([^"]+)"/g)].map(([, token]) => token);
  expect([...new Set(used)].sort()).toEqual(Object.keys(schema.types).sort());
});

test("an account takes what a stack's settings take, but for its name", () => {
  const { Account, Rotations } = Object.fromEntries(
    Object.entries(schema.resources).map(([token, resource]) => [token.split(":").at(-1), resource]),
  );
  const { name, ...settings } = stack.definitions.account.properties;
  expect(name.description).toContain("Key of the account");
  expect(Object.keys(Account?.inputProperties ?? {}).sort()).toEqual(
    ["fleet", "freezes", "health", ...Object.keys(settings)].sort(),
  );
  expect(Account?.requiredInputs).toEqual(["fleet", "account", "token", "rotation"]);
  expect(Object.keys(Rotations?.inputProperties ?? {})).toEqual([
    ...["fleet", "freezes", "health", "maxRotationsPerRun", "accounts"],
  ]);
});

test("has words for each property", () => {
  const objects = [...Object.values(schema.types), ...Object.values(schema.resources)] as {
    readonly properties: object;
    readonly inputProperties?: object;
  }[];
  const silent = objects.flatMap(({ properties, inputProperties = {} }) =>
    Object.entries<{ description?: string }>({ ...properties, ...inputProperties }).flatMap(([name, one]) =>
      one.description ? [] : [name],
    ),
  );
  expect(silent).toEqual([]);
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { json } from "../../reports/json";
import { account, settings } from "../rotation/declarations";
import { broken, evilSettings, full, planOf } from "./plans";

const schema: object = JSON.parse(readFileSync(join(__dirname, "../../reports/plan.schema.json"), "utf8"));

/** The schema with every key that it does not name forbidden, so that it cannot fall behind. */
function strict(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strict);
  if (typeof value !== "object" || value === null) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, strict(one)]));
  return inner.type === "object" ? { ...inner, additionalProperties: false } : inner;
}

test("every plan is as its schema says, and the schema names every key", () => {
  const validate = new Ajv({ allErrors: true }).compile(strict(schema) as object);
  for (const plan of [full, broken, planOf(evilSettings), planOf(settings([account()]), settings([account()]))]) {
    validate(JSON.parse(json(plan)));
    expect(validate.errors).toBeNull();
  }
});

test("the document says what it is, and what the plan comes to", () => {
  const told = ({ format, version, verdict }: Record<string, unknown>) => [format, version, verdict];
  expect(told(JSON.parse(json(full)))).toEqual(["pat-rotation/plan", 1, "rewrite"]);
  expect(told(JSON.parse(json(broken)))).toEqual(["pat-rotation/plan", 1, "settings"]);
});

test("a token that somebody pasted is not handed on", () => {
  const pasted = ["gl", "pat-", "a1".repeat(10)].join("");
  const extraDates = [{ date: "2026-12-14", reason: `leaked: ${pasted}` }];
  const document = json(planOf(settings([account({ rotation: { extraDates } })])));
  expect(document).not.toContain(pasted);
  expect(document).toContain("leaked: [what looks like a token]");
});

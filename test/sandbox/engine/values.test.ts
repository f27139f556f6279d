import { expect, test } from "vitest";
import {
  covers,
  equal,
  fromStruct,
  isSecret,
  parsePath,
  redact,
  restore,
  reveal,
  secret,
  toStruct,
  unknown,
} from "../../../sandbox/engine/values";

const output = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const key = "4dabf18193072939515e22adb298388d";

test("values come back from the wire as they went", () => {
  const values = { a: [1, null, { b: secret("x") }], c: "", d: {}, e: unknown };
  expect(fromStruct(toStruct(values))).toStrictEqual(values);
});

test("outputs become what they hold: an unknown, a secret or a plain value", () => {
  const values = {
    unknown: { [key]: output },
    plain: { [key]: output, value: 1, dependencies: [] },
    secret: { [key]: output, value: 2, secret: true },
  };
  expect(fromStruct(toStruct(values))).toStrictEqual({ unknown, plain: 1, secret: secret(2) });
});

test("a secret is found, revealed and redacted wherever it is", () => {
  const value = { list: [secret({ deep: secret("x") })] };
  expect(reveal(value)).toStrictEqual({ list: [{ deep: "x" }] });
  expect(redact(value)).toStrictEqual({ list: ["[secret]"] });
  expect([isSecret(value), isSecret(value.list[0]), secret(secret(1))]).toStrictEqual([false, true, secret(1)]);
});

test("equality does not mind the order of keys", () => {
  expect([
    equal({ a: 1, b: [2] }, { b: [2], a: 1 }),
    equal({ a: 1 }, { a: 1, b: 1 }),
    equal([1], { 0: 1 }),
  ]).toStrictEqual([true, false, false]);
});

test("property paths are read as Pulumi writes them", () => {
  expect(parsePath('a.b[0]["c.d"].e')).toStrictEqual(["a", "b", "0", "c.d", "e"]);
  expect([covers("a.*.c", "a[1].c.d"), covers("a.b", "a"), covers("a", "ab")]).toStrictEqual([true, false, false]);
});

test("what is ignored goes back to what it was, also when it comes or goes", () => {
  const olds = { a: { x: 1, y: 1 }, list: [{ v: 1 }, { v: 1 }], gone: 1 };
  const news = { a: { x: 2, y: 2 }, list: [{ v: 2 }, { v: 2 }], come: 2 };
  expect(restore(news, olds, ["a.x", "list[*].v", "gone", "come"])).toStrictEqual({
    a: { x: 1, y: 2 },
    list: [{ v: 1 }, { v: 1 }],
    gone: 1,
  });
});

import { expect, test } from "vitest";
import { unknownText } from "../../../providers/host/values";
import {
  covers,
  fromStruct,
  isSecret,
  redact,
  restore,
  reveal,
  secret,
  toStruct,
} from "../../../sandbox/engine/values";

test("values come back from the wire as they went", () => {
  const values = { a: [1, null, { b: secret("x") }], c: "", d: {}, e: unknownText };
  expect(fromStruct(toStruct(values))).toStrictEqual(values);
});

test("a secret is found, revealed and redacted wherever it is", () => {
  const value = { list: [secret({ deep: secret("x") })] };
  expect(reveal(value)).toStrictEqual({ list: [{ deep: "x" }] });
  expect(redact(value)).toStrictEqual({ list: ["[secret]"] });
  expect([isSecret(value), isSecret(value.list[0]), secret(secret(1))]).toStrictEqual([false, true, secret(1)]);
});

test("property paths are read as Pulumi writes them", () => {
  const pairs = [
    ["a.*.c", "a[1].c.d"],
    ["a.b", "a"],
    ["a", "ab"],
    ['a["c.d"]', 'a["c.d"].e'],
  ] as const;
  expect(pairs.map(([pattern, path]) => covers(pattern, path))).toStrictEqual([true, false, false, true]);
});

test("what is ignored goes back to what it was, also when it comes or goes", () => {
  const olds = { a: { x: 1, y: 1 }, list: [{ v: 1 }, { v: 1 }], gone: 1 };
  const news = { a: { x: 2, y: 2 }, list: [{ v: 2 }, { v: 2 }], come: 2 };
  expect(restore(news, olds, ["a.x", "list[*].v", "gone", "come"])).toStrictEqual({
    a: { x: 1, y: 2 },
    list: [{ v: 1 }, { v: 1 }],
    gone: 1,
  });
  expect(
    restore({ "c.d": { e: 2, f: [2] } }, { "c.d": { e: 1, f: [1, 1] } }, ['["c.d"].e', '["c.d"].f[*]']),
  ).toStrictEqual({
    "c.d": { e: 1, f: [1] },
  });
});

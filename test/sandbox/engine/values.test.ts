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

test("a property path covers itself and what lies within it", () => {
  const pairs = [
    ["a.b", "a.b[1].c"],
    ["a.b", "a"],
    ["a", "ab"],
    ["a", 'a["c.d"]'],
  ] as const;
  expect(pairs.map(([pattern, path]) => covers(pattern, path))).toStrictEqual([true, false, false, true]);
});

test("what is ignored goes back to what it was, also when it comes or goes", () => {
  const olds = { a: { x: 1, y: 1 }, b: { c: secret(1) }, gone: 1 };
  const news = { a: { x: 2, y: 2, z: 2 }, b: { c: secret(2) }, come: 2, list: [2] };
  const paths = ["a.x", "a.z", "b.c", "gone", "come", "list.0", "no.such"];
  expect(restore(news, olds, paths)).toStrictEqual({ a: { x: 1, y: 2 }, b: { c: secret(1) }, list: [2], gone: 1 });
});

import { expect, test } from "vitest";
import { unknownText } from "../../../providers/host/values";
import {
  fromStruct,
  isSecret,
  propertyOf,
  redact,
  restore,
  reveal,
  secret,
  toStruct,
} from "../../../workshop/engine/values";

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

test("a property path begins with a property", () => {
  expect(["a", "a.b[1].c", "a[0]", 'a["c.d"]'].map(propertyOf)).toStrictEqual(["a", "a", "a", "a"]);
});

test("what is ignored goes back to what it was, also when it comes or goes", () => {
  const olds = { a: { x: 1, y: 1 }, b: secret(1), gone: 1 };
  const news = { a: { x: 2, z: 2 }, b: secret(2), come: 2, list: [2] };
  const ignored = ["a", "b", "gone", "come", "neither"];
  expect(restore(news, olds, ignored)).toStrictEqual({ a: { x: 1, y: 1 }, b: secret(1), list: [2], gone: 1 });
  expect(restore(news, olds, [])).toStrictEqual(news);
});

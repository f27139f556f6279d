import { expect, test } from "vitest";
import { isStrict } from "./machine";
import { verdict } from "./referee";

test("a judge's name, and what it found right and wrong, are read from its lines", () => {
  expect(verdict("some client 1.2.3\nok one thing\na line of its own\nnot ok another: 404\n")).toEqual({
    judge: "some client 1.2.3",
    right: ["one thing"],
    wrong: ["another: 404"],
  });
});

test.each(["", "some client 1.2.3\n", "ok one thing\n"])(
  "one that judged nothing, or does not say who it is, is a fault: %j",
  (printed) => {
    expect(() => verdict(printed)).toThrow("It judged nothing");
  },
);

test("outside of CI no referee has to be there", () => {
  expect(isStrict({})).toBe(false);
});

import { expect, test } from "vitest";
import { wrapped } from "../../ground/wrapped";

test("words stay whole, in lines of a width; a line of the text is one of its own", () => {
  expect(wrapped("one two three\nfour five", 8)).toBe("one two\nthree\nfour\nfive");
  expect(wrapped("one two three", 8, 4)).toBe("one\ntwo\nthree");
  expect(wrapped("a-word-longer-than-a-line and", 8)).toBe("a-word-longer-than-a-line\nand");
});

test("a line keeps its margin", () => {
  expect(wrapped("one\n  two three four", 8)).toBe("one\n  two\n  three\n  four");
});

test("a command to copy stays on its line", () => {
  expect(wrapped("Write this:\n  npm run up -- --stack prod", 8)).toBe("Write\nthis:\n  npm run up -- --stack prod");
});

test("without a width a text stays as it is", () => {
  expect(wrapped("one two  three", undefined)).toBe("one two  three");
});

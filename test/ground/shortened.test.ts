import { expect, test } from "vitest";
import { shortened } from "../../ground/shortened";

const advice = 'Give its user the role Maintainer, and run "npm run up" again.';

test("a short text stays as it is", () => {
  expect(shortened(advice, advice.length)).toBe(advice);
});

test("a long one keeps what was done, and what to do", () => {
  const text = shortened(`setting variable "X": ${"found this and that, ".repeat(100)}${advice}`, 500);
  expect(text.length).toBeLessThanOrEqual(500);
  expect(text).toMatch(/^setting variable "X": found this/);
  expect(text.endsWith(advice)).toBe(true);
  expect(text).toContain(" … ");
});

test("no character is cut in two", () => {
  for (let most = 20; most < 24; most++) expect(shortened("🔑".repeat(40), most)).not.toMatch(/\p{Cs}/u);
});

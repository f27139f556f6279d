import { expect, test } from "vitest";
import { breakable, plain } from "../../reports/plain";

test("a word longer than a column goes on in the next line; nothing is lost, and shorter ones stay whole", () => {
  expect(breakable("the user group_12345_bot_0123456789 may", 10)).toBe("the user group_1234\n5_bot_0123\n456789 may");
  expect(breakable("1234567890 12345", 10)).toBe("1234567890 12345");
});

test("letters that pass for others are told, and letters of other alphabets are not", () => {
  const told = (text: string) => plain(text).includes("(letters that look like others)");
  for (const text of ["S\u0435curity", "sec\u03BFps", "the \uFF33ecurity vault", "\u{1D412}ecurity", "GitLab \u0410PI"])
    expect(told(text), text).toBe(true);
  expect(plain("vault S\u0435curity / x")).toBe("vault S\u0435curity (letters that look like others) / x");
  for (const text of [
    "Security",
    "Безопасность",
    "Ασφάλεια GitLab",
    "sécurité",
    "トークン API",
    "größer 2 µs",
    "Wöchentlich – Montag",
  ])
    expect(told(text), text).toBe(false);
});

test("nothing that cannot be seen is left in a text", () => {
  const unseen = [
    "\u034F",
    "\u115F",
    "\u2800",
    "\u3164",
    "\uFE0F",
    "\uFFA0",
    "\u{E0041}",
    "\u200B",
    "\u202E",
    "\u0007",
    "\u2028",
  ];
  for (const character of unseen) expect(plain(`Secu${character}rity`)).toBe("Secu rity");
});

test("a text as long as a file is read in no time", () => {
  for (const text of ["x", "1", "é", "\u0430"])
    expect(plain(`${text.repeat(300_000)} \u0430x`)).toContain("(letters that");
});

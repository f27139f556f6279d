import { describe, expect, test } from "vitest";
import { readConfiguration } from "../../../settings/pulumi/configuration";
import { textOf } from "../../../settings/pulumi/texts";
import { Crypter } from "../../../workshop/engine/state/secrets";
import { tree } from "../trees";
import { digest, recorded } from "./judge";
import { sealed } from "./sealed";
import { type Case, table } from "./table";

const { answers } = recorded();
const crypter = new Crypter(sealed.passphrase, sealed.salt);

/** What a program would receive as we read the files, and what we object to. */
function read({ files, stack = "prod" }: Case) {
  const found = readConfiguration(tree(files), stack);
  if (found === undefined) return { texts: {}, refused: [], unsure: [] };
  const decrypt = (text: string) => crypter.decrypt(text);
  const texts = [...found.entries].map(([name, entry]) => [name, textOf(entry.value, { ...entry, decrypt })]);
  return { texts: Object.fromEntries(texts), refused: found.refused, unsure: found.unsure };
}

/** The CLI hands keys on in their older form, which the SDK undoes. */
function named(program: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(program).map(([key, text]) => [key.replace(":config:", ":"), text]));
}

/** What the CLI takes, and a plan objects to all the same: nobody could be sure what it means. */
const objected = [
  "a flow list over lines that begin left of its key",
  "nothing for a key",
  "a key under two names",
  "a key in the older form and the newer",
  "a second document",
  "a second document that is no YAML",
  "an empty first document",
  "a second document of the project",
  "a default for a path",
];

test("the table holds 200 stacks at least, each with an answer of the CLI about these very files", () => {
  expect(table.length).toBeGreaterThanOrEqual(200);
  expect(new Set(table.map(({ name }) => name)).size).toBe(table.length);
  expect(Object.keys(answers).sort()).toEqual(table.map(({ name }) => name).sort());
  expect(table.filter((one) => answers[one.name]?.files !== digest(one)).map(({ name }) => name)).toEqual([]);
});

describe("what the Pulumi CLI hands to a program is what we read", () => {
  test.each(table.map((one) => [one.name, one] as const))("%s", (name, one) => {
    const { texts, refused, unsure } = read(one);
    const { config, program } = answers[name] ?? {};
    const received = program === undefined ? config : program === false ? undefined : named(program);
    if (received === undefined) expect([...refused, ...unsure].length).toBeGreaterThan(0);
    else if (refused.length > 0 || unsure.length > 0) expect(objected).toContain(name);
    else expect(texts).toEqual(received);
  });
});

test("what it shows is what it hands to a program", () => {
  for (const [name, { config, program }] of Object.entries(answers)) {
    // It cannot show a default that is a day, and hands it on.
    if (program === undefined || program === false || config === undefined) continue;
    const handed = named(program);
    const shown = Object.entries(config).map(([key, text]) => [key, text ?? handed[key]]);
    expect([name, Object.fromEntries(shown)]).toEqual([name, handed]);
  }
});

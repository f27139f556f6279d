import * as pulumi from "@pulumi/pulumi";
import { afterEach, expect, test } from "vitest";
import { Accounts } from "../../program/accounts";
import { close } from "../../program/closing";
import { settings } from "../rotation/declarations";

const urn = (name: string) =>
  `urn:pulumi:prod::pat-rotation::pat-rotation:index:Account$runbook:index:TokenProof::${name}`;
const steps = [
  { urn: urn("scanner"), message: "testing the new token: GitLab answered 502" },
  { urn: urn("inventory"), message: "reading the settings: 2 faults were found" },
];
let asked = 0;

/** A run whose provider has noted these steps. */
async function run(noted: readonly object[], isPreview = false): Promise<void> {
  asked = 0;
  const call = () => {
    asked += 1;
    return { steps: noted, deeds: [{ account: "scanner", does: "mint", tokenId: 7, generation: "2026-11-30" }] };
  };
  await pulumi.runtime.setMocks(
    { call, newResource: ({ name }) => ({ id: name, state: {} }) },
    "project",
    "stack",
    isPreview,
  );
}

afterEach(() => run([]));

const none = new Accounts([], () => {
  throw new Error("There is none.");
});

/** The end of a run in which these are the ends of the accounts' last steps. */
const end = (ends: readonly pulumi.Output<unknown>[]) =>
  close({ settings: settings([]), today: "2026-11-30", accounts: none, unusable: ends }, {});

test("a run ends in an error with one line for each account that failed", async () => {
  await run(steps);
  const error = await end([pulumi.output("")]).catch((thrown: unknown) => thrown);
  expect(pulumi.RunError.isInstance(error)).toBe(true);
  expect((error as Error).message).toBe(
    [
      "Mon 30 Nov 2026: this run minted 1 token. Next: the next run takes up what failed.",
      "  scanner: minted token 7 (2026-11-30)",
      "2 accounts failed, which held up no other:",
      "  inventory: runbook:TokenProof failed: reading the settings: 2 faults were found",
      "  scanner: runbook:TokenProof failed: testing the new token: GitLab answered 502",
    ].join("\n"),
  );
});

test("a run in which no account failed ends well", async () => {
  await run([]);
  await expect(end([pulumi.output("")])).resolves.toBeUndefined();
  expect(asked).toBe(2);
});

test("nobody is asked before every account has come to its end, in an error too", async () => {
  await run(steps);
  let finish: (fault: string) => void = () => undefined;
  const last = pulumi.output(
    new Promise<string>((resolve) => {
      finish = resolve;
    }),
  );
  const failed = pulumi.output(Promise.reject(new Error("a step failed in a way that is no data")));
  const ended = end([pulumi.output(""), failed, last]).catch((thrown: unknown) => thrown);
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toBe(0);
  finish("");
  expect(await ended).toBeInstanceOf(Error);
  expect(asked).toBe(2);
});

test("a preview ends well, so that the update after it does what is due for the others", async () => {
  await run(steps, true);
  await expect(end([pulumi.output("")])).resolves.toBeUndefined();
  expect(asked).toBe(0);
});

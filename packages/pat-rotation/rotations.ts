import * as pulumi from "@pulumi/pulumi";
import { Account } from "../../components/account";
import { declaredAccount } from "../../components/consumers";
import { FaultyAccount } from "../../components/faultyAccount";
import { known } from "../../components/known";
import * as runbook from "../../components/runbook";
import { standing } from "../../program/accounts";
import { today } from "../../program/clock";
import { waiting } from "../../rotation/calendar/queue";
import { type FaultyAccount as Faulty, faultText, readSettings } from "../../rotation/declaration/settings";
import { declare } from "./declared";
import { failingLast } from "./ends";
import { outputsIn } from "./plain";

/** All accounts of a declaration, as a stack of ours has them, below one component. */
export class Rotations extends pulumi.ComponentResource {
  constructor(name: string, options: pulumi.ComponentResourceOptions) {
    super("pat-rotation:index:Rotations", name, {}, options);
  }
}

/**
 * Makes all accounts of a declaration. A fault of one leaves the others alone; a fault of the whole, such as two accounts that share
 * a place, fails the component before anything is made.
 */
export function constructRotations(name: string, inputs: pulumi.Inputs, options: pulumi.ComponentResourceOptions) {
  return failingLast(async () => {
    const day = today();
    const { settings, faulty } = await read(name, inputs);
    const parent = new Rotations(name, options);
    const queued = faulty.flatMap(({ calendar }) => calendar ?? []);
    const waits = waiting({ ...settings, accounts: [...settings.accounts, ...queued] }, day);
    const all = settings.accounts.map((one) => declaredAccount(one, settings.freezes, day));
    const declared = pulumi.output(runbook.declareAccounts(declare(settings.fleet, day, all)));
    const { fleet, freezes, health } = settings;
    const accounts = [
      ...settings.accounts.map((declaration) => {
        const waiting = waits.get(declaration.name)?.generations;
        const args = { declaration, fleet, freezes, today: day, waiting, health, declared };
        return [declaration.name, new Account(declaration.name, args, { parent })] as const;
      }),
      ...faulty.map((one) => [one.name, new FaultyAccount(one.name, one, fleet, { parent })] as const),
    ];
    const failed = await Promise.all(
      accounts.map(async ([account, { fault }]) => {
        const why = await known(fault);
        return why ? [`Account "${account}" failed: ${why}`] : [];
      }),
    );
    const rotations = Object.fromEntries(accounts.map(([account, made]) => [account, standing(made)]));
    return { answer: { urn: parent.urn, state: { rotations } }, failed: failed.flat().join("\n") };
  });
}

/** An account that holds an output of another resource, or a secret, is one that cannot be used; so is a setting of the whole. */
async function read(name: string, inputs: pulumi.Inputs) {
  const { accounts, ...whole } = inputs;
  const wrong = await outputsIn({ ...whole, ...(Array.isArray(accounts) ? {} : { accounts }) }, "");
  if (wrong.length > 0) throw new Error([`Reading the declaration "${name}":`, ...wrong.map(faultText)].join("\n"));
  const list: readonly { readonly name?: unknown }[] = Array.isArray(accounts) ? accounts : [];
  const found = await Promise.all(list.map((one, at) => outputsIn(one, `accounts[${at}]`)));
  const unusable = list.flatMap((one, at): Faulty[] => {
    const faults = found[at] ?? [];
    return faults.length > 0 && typeof one.name === "string" ? [{ name: one.name, faults }] : [];
  });
  const usable = list.filter((one, at) => found[at]?.length === 0 || typeof one.name !== "string");
  const { settings, faulty } = readSettings({ ...whole, accounts: usable });
  return { settings, faulty: [...faulty, ...unusable] };
}

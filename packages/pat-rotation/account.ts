import * as pulumi from "@pulumi/pulumi";
import { Account } from "../../components/account";
import { declaredAccount } from "../../components/consumers";
import { FaultyAccount } from "../../components/faultyAccount";
import { known } from "../../components/known";
import * as runbook from "../../components/runbook";
import { today } from "../../program/clock";
import { type Fault, readSettings, SettingsError } from "../../rotation/declaration/settings";
import { declare } from "./declared";
import { failingLast } from "./ends";
import { outputsIn } from "./plain";

/** What belongs to the whole stack in its settings, and to the component here. */
const ofStack = ["fleet", "freezes", "health"] as const;

/**
 * Makes one account, by the same chain as in a stack of ours. It is named as the resource is. What it fails of is data until every
 * component of the run is at its end; then the run fails.
 */
export function constructAccount(name: string, inputs: pulumi.Inputs, options: pulumi.ComponentResourceOptions) {
  return failingLast(async () => {
    const day = today();
    const component = await made(name, inputs, day, options);
    const fault = (await known(component.fault)) ?? "";
    const { urn, state, fault: failed } = component;
    return { answer: { urn, state: { state, fault: failed } }, failed: fault && `Account "${name}" failed: ${fault}` };
  });
}

async function made(name: string, inputs: pulumi.Inputs, day: string, options: pulumi.ComponentResourceOptions) {
  const fleet = typeof inputs.fleet === "string" ? inputs.fleet : "";
  const outputs = await outputsIn(inputs, "");
  if (outputs.length > 0) return faulty(name, outputs, fleet, options);
  const account = Object.fromEntries(Object.entries(inputs).filter(([key]) => !ofStack.some((one) => one === key)));
  const { freezes, health } = inputs;
  try {
    const { settings } = readSettings({ fleet, freezes, health, accounts: [{ ...account, name }] }, () => "");
    const [declaration] = settings.accounts;
    if (declaration === undefined) throw new Error(`Reading the declaration of "${name}": nothing of it was left.`);
    const declared = declare(settings.fleet, day, [declaredAccount(declaration, settings.freezes, day)]);
    const args = { declaration, fleet: settings.fleet, freezes: settings.freezes, today: day, health: settings.health };
    return new Account(name, { ...args, declared: pulumi.output(runbook.declareAccounts(declared)) }, options);
  } catch (error) {
    if (error instanceof SettingsError) return faulty(name, error.faults, fleet, options);
    throw error;
  }
}

function faulty(name: string, faults: readonly Fault[], fleet: string, options: pulumi.ComponentResourceOptions) {
  return new FaultyAccount(name, { name, faults }, fleet, options);
}

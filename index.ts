import * as pulumi from "@pulumi/pulumi";
import { Account, type AccountState } from "./components/account";
import { today } from "./components/clock";
import { declared } from "./components/config";
import { reportFailuresOnce } from "./components/failures";
import { waiting } from "./rotation/queue";
import { nextEvents } from "./rotation/upcoming";

reportFailuresOnce();
const settings = declared(new pulumi.Config());
const day = today();

const waits = waiting(settings, day);

const accounts = settings.accounts.map((declaration) => ({
  name: declaration.name,
  state: new Account(declaration.name, {
    declaration,
    fleet: settings.fleet,
    freezes: settings.freezes,
    today: day,
    waiting: waits.get(declaration.name)?.generation,
    health: settings.health,
  }).state,
}));

/** Each account as it stands after the run: generation, expiry, places, proofs, and what is held and why. */
export const rotations = Object.fromEntries(
  accounts.map(({ name, state }) => [
    name,
    pulumi.recover<AccountState | string | undefined>(state, () => "failed: see the errors of the run"),
  ]),
);

/** The next dates of each account, soonest first. */
export const upcomingRotations = nextEvents(settings, day).map(({ date, account, event, generation }) => ({
  date,
  account,
  event,
  generation,
}));

/** The accounts whose rotation is due and waits its turn, and why. */
export const waitingRotations = Object.fromEntries([...waits].map(([name, { explanation }]) => [name, explanation]));

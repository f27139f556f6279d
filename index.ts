import * as pulumi from "@pulumi/pulumi";
import { Account } from "./components/account";
import { declaredAccount } from "./components/consumers";
import { reportFailuresOnce } from "./components/failures";
import { FaultyAccount } from "./components/faultyAccount";
import * as runbook from "./components/runbook";
import { Accounts, standing } from "./program/accounts";
import { today } from "./program/clock";
import { close } from "./program/closing";
import { declared } from "./program/config";
import { tell } from "./program/preview";
import { waiting } from "./rotation/calendar/queue";
import { nextDates } from "./rotation/plan/outlook";

reportFailuresOnce();
const { settings, faulty } = declared(new pulumi.Config());
const day = today();

// One that cannot be used keeps its place: what becomes of it must not change the turns of the others.
const queued = faulty.flatMap(({ calendar }) => calendar ?? []);
const waits = waiting({ ...settings, accounts: [...settings.accounts, ...queued] }, day);
const known = pulumi.output(
  runbook.declareAccounts({
    accounts: settings.accounts.map((one) => declaredAccount(one, settings.freezes, day)),
    fleet: settings.fleet,
    day,
    preview: pulumi.runtime.isDryRun(),
  }),
);

const accounts = new Accounts(
  settings.accounts,
  (declaration) =>
    new Account(declaration.name, {
      declaration,
      fleet: settings.fleet,
      freezes: settings.freezes,
      today: day,
      waiting: waits.get(declaration.name)?.generations,
      health: settings.health,
      declared: known,
    }),
);
const unusable = faulty.map((one) => new FaultyAccount(one.name, one, settings.fleet));

tell(settings, day, waits, accounts, faulty);
void close({ settings, today: day, accounts, unusable: unusable.map(({ fault }) => fault) });
const states = accounts.each(({ account }) => standing(account));
void accounts.start();

/** Each account as it stands after the run: generation, expiry, places, proofs, what is held and why, what it failed of. */
export const rotations = Object.fromEntries([
  ...settings.accounts.map(({ name }, at) => [name, states[at]] as const),
  ...faulty.map(({ name }, at) => [name, unusable[at] && standing(unusable[at])] as const),
]);

/** The next dates of each account, soonest first, with the places and the pipelines that they concern. */
export const upcomingRotations = nextDates(settings, day);

/** The accounts whose rotation is due and waits its turn, and why. */
export const waitingRotations = Object.fromEntries([...waits].map(([name, { explanation }]) => [name, explanation]));

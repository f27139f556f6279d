import * as pulumi from "@pulumi/pulumi";
import * as runbook from "runbook";
import { Account, type AccountState } from "./components/account";
import { today } from "./components/clock";
import { declared } from "./components/config";
import { declaredAccount } from "./components/consumers";
import { tellOfCredential } from "./components/credential";
import { endInFailures, reportFailuresOnce } from "./components/failures";
import { FaultyAccount } from "./components/faultyAccount";
import { tell } from "./components/preview";
import { leaveOutStacksOfPromises } from "./components/stacks";
import { nextDates } from "./rotation/outlook";
import { waiting } from "./rotation/queue";

reportFailuresOnce();
leaveOutStacksOfPromises();
const { settings, faulty } = declared(new pulumi.Config());
const day = today();
if (settings.health) void tellOfCredential(day);

// One that cannot be used keeps its place: what becomes of it must not change the turns of the others.
const queued = faulty.flatMap(({ calendar }) => calendar ?? []);
const waits = waiting({ ...settings, accounts: [...settings.accounts, ...queued] }, day);
const known = pulumi.output(
  runbook.declareAccounts({ accounts: settings.accounts.map((one) => declaredAccount(one, settings.freezes, day)) }),
);

const usable = settings.accounts.map((declaration) => {
  const { name } = declaration;
  const account = new Account(name, {
    declaration,
    fleet: settings.fleet,
    freezes: settings.freezes,
    today: day,
    waiting: waits.get(name)?.generation,
    health: settings.health,
    declared: known,
  });
  return { name, declaration, account, state: account.state };
});
const unusable = faulty.map((one) => {
  const { state, fault } = new FaultyAccount(one.name, one, settings.fleet);
  return { name: one.name, state, fault };
});

tell(settings, day, waits, usable, faulty);
const all = [...usable.map(({ name, account }) => ({ name, state: account.state, fault: account.fault })), ...unusable];
void endInFailures([
  ...all.map(({ fault }) => fault),
  ...usable.flatMap(({ account }) => [account.state, ...account.others.map(({ urn }) => urn)]),
]);

/** Each account as it stands after the run: generation, expiry, places, proofs, what is held and why, what it failed of. */
export const rotations = Object.fromEntries(
  all.map(({ name, state, fault }) => [
    name,
    pulumi.recover<Partial<AccountState> | string | undefined>(
      pulumi.all([state, fault]).apply(([stands, failed]) => (failed ? { ...stands, failed } : stands)),
      () => "failed: see the errors of the run",
    ),
  ]),
);

/** The next dates of each account, soonest first, with the places and the pipelines that they concern. */
export const upcomingRotations = nextDates(settings, day);

/** The accounts whose rotation is due and waits its turn, and why. */
export const waitingRotations = Object.fromEntries([...waits].map(([name, { explanation }]) => [name, explanation]));

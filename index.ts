import * as pulumi from "@pulumi/pulumi";
import { Account, type AccountState } from "./components/account";
import { today } from "./components/clock";
import { declared } from "./components/config";
import { tellOfCredential } from "./components/credential";
import { noteStopped, reportFailuresOnce } from "./components/failures";
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

const usable = settings.accounts.map((declaration) => {
  const { name } = declaration;
  const account = new Account(name, {
    declaration,
    fleet: settings.fleet,
    freezes: settings.freezes,
    today: day,
    waiting: waits.get(name)?.generation,
    health: settings.health,
  });
  return { name, declaration, account, state: account.state };
});
const unusable = faulty.map((one) => ({
  name: one.name,
  state: new FaultyAccount(one.name, one, settings.fleet).state,
}));

tell(settings, day, waits, usable, faulty);

/** Each account as it stands after the run: generation, expiry, places, proofs, and what is held and why. */
export const rotations = Object.fromEntries(
  [...usable, ...unusable].map(({ name, state }) => [
    name,
    pulumi.recover<AccountState | string | undefined>(state, (error) => {
      noteStopped(name, error);
      return "failed: see the errors of the run";
    }),
  ]),
);

/** The next dates of each account, soonest first, with the places and the pipelines that they concern. */
export const upcomingRotations = nextDates(settings, day);

/** The accounts whose rotation is due and waits its turn, and why. */
export const waitingRotations = Object.fromEntries([...waits].map(([name, { explanation }]) => [name, explanation]));

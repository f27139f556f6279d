// `renew`: a generation of an account today, as the extra date that it is.
import { flags, type Outcome, oneAccount } from "./command";
import { changed, changeOutcome, type Surroundings } from "./propose";
import { renewCommand } from "./table/changing";

/** Runs the command; never throws. */
export function renew(args: readonly string[], surroundings: Surroundings): Promise<Outcome> {
  return changeOutcome("renew", () => {
    const { values, positionals } = flags(args, renewCommand.flags, true);
    const account = oneAccount(positionals, values.account);
    return changed("extra-date", account, { reason: "asked for by hand", ...values }, surroundings);
  });
}

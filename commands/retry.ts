// `retry`: a proof that gave up is taken up, by an entry of the declaration.
import { flags, type Outcome, oneAccount } from "./command";
import { changed, changeOutcome, type Surroundings } from "./propose";
import { retryCommand } from "./table/changing";

/** Runs the command; never throws. */
export function retry(args: readonly string[], surroundings: Surroundings): Promise<Outcome> {
  return changeOutcome("retry", () => {
    const { values, positionals } = flags(args, retryCommand.flags, true);
    const account = oneAccount(positionals, values.account);
    return changed("retry", account, { reason: "the cause is mended", ...values }, surroundings);
  });
}

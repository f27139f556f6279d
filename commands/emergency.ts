// `npm run emergency`: a token leaked. A new one in its places and the old one dead at once, then the merge request behind it.
import { visible } from "../ground/visible";
import { flags, refusalHint, UsageError } from "./command";
import { Emergency, type Surroundings } from "./emergency/emergency";
import { exitCodes } from "./exitCodes";
import { emergencyCommand } from "./table/changing";

/** Runs the command; never throws. */
export async function emergency(args: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    const { values } = flags(args, emergencyCommand.flags);
    return await new Emergency(values, surroundings).run();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const isUsage = cause instanceof UsageError;
    surroundings.print(
      `${visible(message)}${refusalHint(cause)}${isUsage ? "\nnpm run emergency -- --help tells how it is used." : ""}\n`,
    );
    return isUsage ? exitCodes.usage : exitCodes.failed;
  }
}

// `npm run emergency`: a token leaked. A new one in its places and the old one dead at once, then the merge request behind it.
import { visible } from "../ground/visible";
import { flags as parsedFlags, UsageError } from "./command";
import { Emergency, flags, type Surroundings } from "./emergency/emergency";
import { exitCodes } from "./emergency/exitCodes";

const help = `npm run emergency -- --token-id <id> [flags]

For a token that leaked. Finds whose it is, declares it compromised in the files here, and updates that account alone: a new
token is minted and tested, every place holds it, and the old one is dead at once, whoever uses it. Then it leaves a merge
request with the same edit. Give GitLab's id of the token (a number), never the token itself.

  --token-id <id>        the token; or say which with --account <name> --generation <name>
  --reason <text>        stands in the declaration (default: that the token was reported)
  --stack <name>         the stack (default: prod)
  --project <path>       GitLab's project of the declaration (default: CI_PROJECT_ID)
  --no-merge-request     leave none
  --revoke-undeclared    revoke the token although no declaration explains it: nothing takes its place
  --wait <minutes>       how long to wait while another run holds the stack (default: 30)
  --no-other-run-is-alive, --engine=embedded   as for npm run up
  --dry-run              say what would be done; nothing is written anywhere
  --carry-over           before npm run up: put into the files here what emergencies did and nobody has merged yet
  --cwd, -C <folder>     the project's folder (default: here)

GITLAB_TOKEN and the rest as for npm run up; PAT_ROTATION_PROPOSE_TOKEN, if set, opens the merge request.

Exit codes: 0 done; 1 something went wrong; 2 the command line is wrong; 4 the token lives on; 5 the token is dead, but a
pipeline is red or there is no merge request; 6 another run holds the stack; 7 no declaration explains the token.
`;

/** Runs the command; never throws. */
export async function emergency(args: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    const { values } = parsedFlags(args, flags);
    if (values.help !== true) return await new Emergency(values, surroundings).run();
    surroundings.print(help);
    return exitCodes.fine;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const isUsage = cause instanceof UsageError;
    surroundings.print(`${visible(message)}${isUsage ? "\nnpm run emergency -- --help tells how it is used." : ""}\n`);
    return isUsage ? exitCodes.usage : exitCodes.failed;
  }
}

if (require.main === module) {
  const today = new Date().toISOString().slice(0, 10);
  // Ctrl-C ends the update in good order; the merge request is still to be left.
  process.on("SIGINT", () => {});
  emergency(process.argv.slice(2), {
    folder: process.cwd(),
    environment: process.env,
    today,
    print: (text) => void process.stdout.write(text),
  }).then((code) => {
    process.exitCode = code;
  });
}

// Asks the Pulumi CLI on the PATH about every stack of the table that it was not asked about yet, and writes down what it says;
// with --all, about each of them:
//   npx tsx test/settings/pulumi/record.ts

import { pulumiCli } from "../../../engines/engine";
import { type Answer, digest, Judge, record, recorded } from "./judge";
import { table } from "./table";

const cli = pulumiCli();
if (cli === undefined) throw new Error("Asking the Pulumi CLI: there is none on the PATH.");
const judge = new Judge(cli.command[0]);
try {
  const { version } = judge;
  const known = recorded();
  const keeps = known.version === version && !process.argv.includes("--all");
  const answers: Record<string, Answer> = {};
  for (const one of table) {
    const answer = known.answers[one.name];
    answers[one.name] = keeps && answer?.files === digest(one) ? answer : judge.ask(one, one.previewed);
    record({ version, answers: { ...known.answers, ...answers } });
  }
  record({ version, answers });
  console.log(`Wrote the answers of ${version} about ${table.length} stacks.`);
} finally {
  judge.close();
}

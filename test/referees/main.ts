import { clients } from "./clients/judges";
import { files } from "./files/judges";
import { has, isStrict } from "./machine";
import { nodes } from "./nodes/judge";
import { pulumi, scenarios } from "./pulumi/judge";
import type { Referee } from "./referee";

const referees: readonly Referee[] = [...clients, ...files, nodes, pulumi, scenarios];

const help = `npm run referees -- [names]

Has what we did not write judge what we did: the real engine, real clients, validators.

Names (default: all; one whose runtime is missing is passed over; with CI=true, and Go and Python
there, that is a failure):
${referees.map(({ name }) => `  ${name}`).join("\n")}
`;

/** Asks one referee; answers how many things it found right and wrong, and whether it was passed over. */
async function ask({ name, needs, judge }: Referee) {
  const missing = needs.filter((tool) => !has(tool));
  if (missing.length > 0) {
    process.stdout.write(`- ${name}: passed over, there is no ${missing.join(" and no ")} here.\n`);
    // gitlab4j is asked where a JDK and Maven happen to be.
    const isFault = isStrict() && missing.some((tool) => tool !== "java");
    return { right: 0, wrong: isFault ? 1 : 0, skipped: isFault ? 0 : 1 };
  }
  const since = Date.now();
  try {
    const { judge: who, right, wrong } = await judge();
    const took = Math.round((Date.now() - since) / 1000);
    process.stdout.write(
      `${wrong.length === 0 ? "✓" : "✗"} ${who} judged ${right.length + wrong.length} things in ${took} s\n`,
    );
    for (const one of right) process.stdout.write(`    ${one}\n`);
    for (const one of wrong) process.stdout.write(`  ✗ ${one}\n`);
    return { right: right.length, wrong: wrong.length, skipped: 0 };
  } catch (error) {
    process.stdout.write(`✗ ${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    return { right: 0, wrong: 1, skipped: 0 };
  }
}

async function main(names: readonly string[]): Promise<void> {
  if (names.includes("--help")) return void process.stdout.write(help);
  const unknown = names.find((name) => !referees.some((one) => one.name === name));
  if (unknown !== undefined) throw new Error(`There is no referee "${unknown}".\n\n${help}`);
  const sums = { right: 0, wrong: 0, skipped: 0 };
  const asked = referees.filter(({ name }) => names.length === 0 || names.includes(name));
  // Two at a time, those that take longest first.
  const longest: readonly Referee[] = [scenarios, nodes, pulumi];
  const queue = [...longest.filter((one) => asked.includes(one)), ...asked.filter((one) => !longest.includes(one))];
  const take = async () => {
    for (let referee = queue.shift(); referee !== undefined; referee = queue.shift()) {
      const { right, wrong, skipped } = await ask(referee);
      sums.right += right;
      sums.wrong += wrong;
      sums.skipped += skipped;
    }
  };
  await Promise.all([take(), take()]);
  process.stdout.write(`Referees: ${sums.right} passed, ${sums.wrong} failed, ${sums.skipped} skipped\n`);
  if (sums.wrong > 0) process.exitCode = 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

import { parseArgs } from "node:util";
import { commands, Failure, type Options, openStack } from "./commands";

/** What every command takes, as the Pulumi CLI does. */
const everywhere: Options = {
  cwd: { type: "string", short: "C", default: "." },
  "config-file": { type: "string" },
  json: { type: "boolean", short: "j" },
  "non-interactive": { type: "boolean" },
  stack: { type: "string", short: "s" },
  yes: { type: "boolean", short: "y" },
};

async function main(args: readonly string[]): Promise<void> {
  const [first = "", second = ""] = args;
  const names = Object.keys(commands);
  const name = names.find((known) => known === first || known === `${first} ${second}`);
  const command = commands[name ?? ""];
  if (name === undefined || command === undefined)
    throw new Failure(`unknown command "${args.join(" ")}" for the embedded engine, which has: ${names.join(", ")}`);
  const { values, positionals } = parse(args.slice(name.split(" ").length), { ...everywhere, ...command.options });
  const unexpected = positionals[command.takes ?? 0];
  if (unexpected !== undefined) throw new Failure(`unexpected argument "${unexpected}"`);
  const isNew = name === "stack init";
  const stack = await openStack(values, isNew, isNew ? positionals[0] : undefined);
  await command.run(stack, values, positionals);
}

function parse(args: readonly string[], options: Options) {
  // As the CLI takes them: a flag may be given a value.
  const plain = args.flatMap((arg) => {
    const [, name = "", value] = /^--([\w-]+)=(true|false)$/.exec(arg) ?? [];
    if (options[name]?.type !== "boolean") return [arg];
    return value === "true" ? [`--${name}`] : [];
  });
  try {
    return parseArgs({ args: plain, options, allowPositionals: true });
  } catch (error) {
    const { message } = error as Error;
    const [, found] = /Unknown option '(-{1,2}[^']+)'/.exec(message) ?? [];
    throw new Failure(found === undefined ? message : `unknown flag: ${found}`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const { message } = error as Error;
  if (message !== "") process.stderr.write(`error: ${message}\n`);
  process.exitCode = error instanceof Failure ? error.code : 1;
});

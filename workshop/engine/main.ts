import { parseArgs } from "node:util";
import type { Stack } from "./asked";
import { commands, failure } from "./commands";
import { Backend } from "./state/backend";
import { readProject } from "./state/project";
import { Crypter, passphrase } from "./state/secrets";
import { StackSettings } from "./state/settings";

/** What every command takes, as the Pulumi CLI does. */
const everywhere = {
  cwd: { type: "string", short: "C", default: "." },
  "config-file": { type: "string" },
  "non-interactive": { type: "boolean" },
  stack: { type: "string", short: "s" },
  yes: { type: "boolean", short: "y" },
} as const;

async function main(args: readonly string[]): Promise<void> {
  const [first = "", second = ""] = args;
  const names = Object.keys(commands);
  const name = names.find((known) => known === first || known === `${first} ${second}`) ?? "";
  const command = commands[name];
  if (command === undefined)
    throw new Error(`unknown command "${args.join(" ")}" for the embedded engine, which has: ${names.join(", ")}`);
  const rest = args.slice(name.split(" ").length);
  const options = { ...command.options, ...everywhere };
  const { values, positionals } = parseArgs({ args: rest, options, allowPositionals: true });
  const unexpected = positionals[command.takes ?? 0];
  if (unexpected !== undefined) throw new Error(`unexpected argument "${unexpected}"`);
  const isNew = name === "stack init";
  const named = (isNew && positionals[0]) || values.stack || process.env.PULUMI_STACK || "";
  const stack = await openStack(values.cwd, named.split("/").at(-1) ?? "", isNew, values["config-file"]);
  await command.run(stack, values, positionals);
}

/** The stack that a command line means: one that is there, or one that it wants to make. */
async function openStack(folder: string, name: string, isNew: boolean, configFile?: string): Promise<Stack> {
  if (!name) throw failure("the embedded engine selects no stack: name one with --stack or PULUMI_STACK", 6);
  const project = readProject(folder);
  const backend = new Backend(process.env, project.name, name);
  if (!isNew && !backend.exists) throw failure(`no stack named '${name}' found`, 6);
  const settings = new StackSettings(project, name, configFile);
  const salt = settings.salt ?? (isNew ? undefined : (await backend.read()).before.secrets?.state.salt);
  let opened: Crypter | undefined;
  const crypter = () => {
    opened ??= new Crypter(passphrase(process.env), salt);
    settings.salt ??= opened.salt;
    return opened;
  };
  return { name, project, backend, settings, crypter };
}

main(process.argv.slice(2)).catch(({ message, code }: Error & { readonly code?: unknown }) => {
  if (message !== "") process.stderr.write(`error: ${message}\n`);
  process.exitCode = typeof code === "number" ? code : 1;
});

// The command line: finds the command in the table, tells how it is used, or runs it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../engines/root";
import { visible } from "../ground/visible";
import { exitCodes } from "./exitCodes";
import { helpOf, overview, program } from "./help";
import { suggestion } from "./nearest";
import type { At, Command } from "./table/command";
import { commandOf, commands } from "./table/table";
import { terminal, warn } from "./terminal";

/** Runs a command line; answers its exit code. */
async function run([name, ...args]: readonly string[], at: At): Promise<number> {
  const width = Math.min(at.width, 100);
  if (name === undefined || ["help", "--help", "-h"].includes(name)) {
    const asked = args[0] === undefined ? undefined : commandOf(args[0]);
    at.print(asked === undefined ? overview(commands, width) : helpOf(asked, width));
    return name === undefined ? exitCodes.usage : exitCodes.fine;
  }
  if (["--version", "-V", "version"].includes(name)) {
    at.print(`${version()}\n`);
    return exitCodes.fine;
  }
  const command = commandOf(name);
  if (command === undefined) {
    const near = suggestion(
      name,
      commands.map((one) => one.name),
      (one) => `"${program} ${one}"`,
    );
    at.warn(
      visible(`Reading the command line: there is no command "${name}".${near}\n${program} --help tells them all.\n`),
    );
    return exitCodes.usage;
  }
  if (asksForHelp(args)) {
    at.print(helpOf(command, width));
    return exitCodes.fine;
  }
  return runCommand(command, args, at);
}

async function runCommand(command: Command, args: readonly string[], at: At): Promise<number> {
  const runner = await command.load();
  return runner(args, at);
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end === -1 ? args.length : end).some((one) => one === "--help" || one === "-h");
}

/** Of this project, of Node.js, and of the SDK that it is run with. */
function version(): string {
  const read = (file: string) => JSON.parse(readFileSync(join(projectRoot, file), "utf8")) as { version?: string };
  const own = read("package.json").version ?? "unreleased";
  return `pat-rotation ${own}, Node.js ${process.versions.node}, Pulumi SDK ${read("node_modules/@pulumi/pulumi/package.json").version}`;
}

run(process.argv.slice(2), {
  folder: process.cwd(),
  environment: process.env,
  today: new Date().toISOString().slice(0, 10),
  ...terminal(),
  print: (text) => void process.stdout.write(text),
  warn,
}).then(
  (code) => {
    process.exitCode ??= code;
    if (code !== 0) process.exitCode = code;
  },
  (cause: unknown) => {
    warn(`${visible(cause instanceof Error ? cause.message : String(cause))}\n`);
    process.exitCode = exitCodes.failed;
  },
);

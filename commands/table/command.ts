import type { Exit } from "../exitCodes";

/** A flag, as `parseArgs` of Node.js takes it, and what is told of it. */
export interface Flag {
  readonly type: "string" | "boolean";
  readonly short?: string;
  readonly multiple?: boolean;
  readonly default?: string;
  /** What stands for its value in the help, such as `<name>`. */
  readonly value?: string;
  /** What it does, and what happens without it. */
  readonly told: string;
  /** The values that it takes; any when left out. */
  readonly choices?: readonly string[];
  /** What a shell completes its value with. */
  readonly completes?: "stack" | "account" | "file" | "folder";
}

/** The flags of a command, by their long names. */
export type Flags = Readonly<Record<string, Flag>>;

/** What a command works with. */
export interface At {
  /** The folder that paths are relative to. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The day, UTC. */
  readonly today: string;
  /** Columns to fill. */
  readonly width: number;
  readonly color: boolean;
  /** Writes to standard output. */
  readonly print: (text: string) => void;
  /** Writes to standard error. */
  readonly warn: (text: string) => void;
}

/** Runs a command; answers its exit code. */
export type Runner = (args: readonly string[], at: At) => number | Promise<number>;

/** A command: what is told of it, what it takes, how it ends. What it does is loaded when it is to do it. */
export interface Command {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** Who calls it: people, a job of GitLab CI/CD, or those who work on this project. */
  readonly caller: "people" | "ci" | "developers";
  /** Its words before the flags, such as `<account>`. */
  readonly words?: string;
  /** What a shell completes these words with, one after the other. */
  readonly completes?: readonly (readonly string[] | "account" | "command")[];
  /** What it does, in sentences; a paragraph each, or lines that stay as they are. */
  readonly about: readonly string[];
  readonly flags: Flags;
  /** A command line, and what it does. */
  readonly examples: readonly (readonly [line: string, told: string])[];
  /** How it may end; beside that: done, something went wrong, the command line is wrong. */
  readonly exits: readonly Exit[];
  /** What is told last. */
  readonly foot?: readonly string[];
  /** Whose flags it hands on, beside its own. */
  readonly handsOn?: string;
  readonly load: () => Promise<Runner>;
}

/** The flags that mean the same wherever they are taken. */
export const shared = {
  stacks: {
    type: "string",
    short: "s",
    multiple: true,
    value: "<name>",
    told: "only this stack; may be given again (default: all but the sandbox)",
    completes: "stack",
  },
  account: { type: "string", value: "<name>", told: "only this account (default: all)", completes: "account" },
  asOf: { type: "string", value: "<day>", told: "the day to work for (default: PAT_ROTATION_AS_OF, or today, UTC)" },
  output: {
    type: "string",
    short: "o",
    value: "<file>",
    told: "a file to write, in place of standard output; its extension tells the format where --format does not",
    completes: "file",
  },
  cwd: { type: "string", short: "C", value: "<folder>", told: "the project (default: here)", completes: "folder" },
  help: { type: "boolean", short: "h", told: "this text" },
} as const satisfies Flags;

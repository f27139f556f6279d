import type { Flags } from "./flags";
import type { Backend } from "./state/backend";
import type { Project } from "./state/project";
import type { Crypter } from "./state/secrets";
import type { ProgramConfig, StackSettings } from "./state/settings";

/** Something that exists, to be taken into the state. */
export type ImportRequest = Readonly<Record<"type" | "name" | "id", string>> & { readonly protect: boolean };

/** A stack that commands work on. */
export interface Stack {
  readonly name: string;
  readonly project: Project;
  readonly backend: Backend;
  readonly settings: StackSettings;
  /** Opens its secrets; takes a moment. */
  readonly crypter: () => Crypter;
}

/** What a command line asks for. */
export interface Operation {
  readonly kind: "update" | "refresh" | "destroy" | "import";
  readonly preview: boolean;
  /** How many resources may be worked on at a time. */
  readonly parallel: number;
  readonly flags: Flags;
  /** What to import, when that is asked for. */
  readonly import: ImportRequest;
}

/** An operation on a stack, as its program is started with. */
export interface Asked extends Operation {
  readonly stack: string;
  readonly project: Project;
  readonly config: ProgramConfig;
}

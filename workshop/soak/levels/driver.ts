import type { Declaration } from "../fleet/declaration";

/** How the product is run. */
export interface Asked {
  readonly command: "up" | "refresh";
  readonly flags: readonly string[];
  /** The flags of `npm run up` too. */
  readonly wrapped: boolean;
  /** What differs in its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Kills it when aborted. */
  readonly kill?: AbortSignal;
}

/** How a run ended. */
export interface Outcome {
  readonly code: number;
  readonly printed: string;
}

/** The product on a stack, at one of the two levels. */
export interface Driver {
  /** Has later runs go by a declaration. */
  configure(declaration: Declaration): void;
  /** Runs the product, and waits for its end. */
  run(asked: Asked): Promise<Outcome>;
  /** Clears the lock that a killed run left. */
  cancel(): Promise<void>;
  /** Keeps a copy of the state. */
  backup(): void;
  /** Puts the state of the last backup back. */
  restore(): void;
  /** Takes a resource that nothing needs out of the state. */
  forget(nth: number): void;
  /** The text of all that was stored. */
  stored(): readonly string[];
  /** The state alone. */
  state(): string;
  /** Forgets all that was stored. */
  stop(): Promise<void>;
}

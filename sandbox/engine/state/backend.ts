import type { Deployment, OperationType, ResourceState } from "./deployment";
import type { Crypter } from "./secrets";

/** What a finished step makes of the state. States are known by identity: hand in the very objects the session gave or got. */
export interface Change {
  /** Leave the state. */
  readonly remove?: readonly ResourceState[];
  /** Change where they stand, such as a replaced resource that now waits to be deleted. */
  readonly replace?: readonly (readonly [before: ResourceState, after: ResourceState])[];
  /** Joins the resources of this run, behind all that joined before it. */
  readonly add?: ResourceState;
}

/** A stack that this process has locked and writes to. Whatever a method's promise was kept for survives a kill. */
export declare class Session {
  /** The state found at the start. */
  readonly before: Deployment;
  /** The state now. */
  get now(): Deployment;
  /** Something is about to be done: recorded as pending before the promise is kept. */
  begin(type: OperationType, resource: ResourceState): Promise<number>;
  /** It ended: no change when it failed. */
  end(operation: number, change?: Change): Promise<void>;
  /** A resource that needed nothing: takes its place among this run's resources. Written only when something but the order changed. */
  same(before: ResourceState, after: ResourceState): Promise<void>;
  /** A change that is no operation of a provider: outputs registered, a resource forgotten, the result of a refresh. */
  change(change: Change): Promise<void>;
  /** Resources that a refresh found gone: removed, with every reference to them. */
  vanish(gone: readonly ResourceState[]): Promise<void>;
  /** Drops pending operations left by an earlier run; of creates only those named. By default all but creates. */
  settle(
    keep: (operation: { readonly type: OperationType; readonly resource: ResourceState }) => boolean,
  ): Promise<void>;
  /** Writes the whole state and unlocks. Call it however the run ended. */
  close(): Promise<void>;
}

/** State of stacks in a folder, laid out as the Pulumi CLI lays it out. */
export declare class Backend {
  /** The folder of `PULUMI_BACKEND_URL` (`file://…`), or `~`. Throws for any other kind of backend. */
  static fromEnvironment(environment: NodeJS.ProcessEnv): Backend;
  readonly url: string;
  /** Names of a project's stacks. */
  stacks(project: string): Promise<readonly string[]>;
  exists(project: string, stack: string): Promise<boolean>;
  /** A new stack without resources. */
  create(project: string, stack: string, crypter: Crypter): Promise<void>;
  /** Refused while it has resources, unless forced. */
  remove(project: string, stack: string, force: boolean): Promise<void>;
  /** The salt with which the stack's state is encrypted, to open the right crypter. */
  salt(project: string, stack: string): Promise<string | undefined>;
  /** The state, without a lock. */
  load(project: string, stack: string, crypter: Crypter): Promise<Deployment>;
  /** Locks the stack; throws StackLocked when another run holds it. */
  open(project: string, stack: string, crypter: Crypter): Promise<Session>;
  /** Removes locks. */
  cancel(project: string, stack: string): Promise<void>;
  /** The versioned document of the state as the CLI's `stack export` writes it. */
  export(project: string, stack: string): Promise<unknown>;
  /** Replaces the state by such a document. */
  import(project: string, stack: string, document: unknown): Promise<void>;
  /** The stack chosen by `stack select` in the project's folder, if any. */
  selected(projectDirectory: string, project: string): Promise<string | undefined>;
  select(projectDirectory: string, project: string, stack: string): Promise<void>;
}

/** Another run holds the stack. */
export declare class StackLocked extends Error {}

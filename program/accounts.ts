import * as pulumi from "@pulumi/pulumi";
import type { Account, AccountState } from "../components/account";
import { known } from "../components/known";
import type { AccountDeclaration } from "../rotation/declaration/settings";

/** An account as declared, and its resources. */
export interface DeclaredAccount {
  /** The declaration. */
  readonly declaration: AccountDeclaration;
  /** Its resources. */
  readonly account: Account;
}

/** Who looks at each account when it is made. */
type Look = (one: DeclaredAccount) => Promise<unknown>;

/** What a place in the queue waits for, in order to hand it on. */
interface Waiting {
  readonly look: Look;
  readonly found: ((value: Promise<unknown>) => void)[];
}

/**
 * The accounts of the stack, of which no more exist at a time than the engine can work on: each is made, looked at by all who
 * asked to, and forgotten when its last step has ended. A thousand at once would take gigabytes.
 */
export class Accounts {
  readonly #looks: Waiting[] = [];

  constructor(
    private readonly declarations: readonly AccountDeclaration[],
    private readonly make: (declaration: AccountDeclaration) => Account,
  ) {}

  /** What is found at each of them, once it is made, in the order of their declarations. To be asked for before any is. */
  each<T>(look: (one: DeclaredAccount) => Promise<T>): readonly Promise<T>[] {
    const found: Waiting["found"] = [];
    this.#looks.push({ look, found });
    return this.declarations.map(() => new Promise((fulfil) => found.push(fulfil as Waiting["found"][number])));
  }

  /** Makes them, in order, so many at a time. */
  async start(width = widest()): Promise<void> {
    // The runtime would not wait for what comes after the last registration.
    const done = pulumi.runtime.rpcKeepAlive();
    const queue = this.declarations.entries();
    const worker = async () => {
      for (const [at, declaration] of queue) await this.#pass(at, declaration);
    };
    await Promise.all(Array.from({ length: Math.min(width, this.declarations.length) }, worker)).finally(done);
  }

  async #pass(at: number, declaration: AccountDeclaration): Promise<void> {
    const account = this.make(declaration);
    const found = this.#looks.map((one) => {
      const value = one.look({ declaration, account });
      one.found[at]?.(value);
      return value;
    });
    // Who asked is told of a failure.
    await Promise.allSettled(found);
    await Promise.allSettled([account.fault, account.state].map((output) => ended(output)));
    forget(account);
  }
}

/**
 * As many as the engine works on at once: a proof that is waited for holds a place there as it does here, so none waits here
 * for what could be done. Nothing is waited for in a preview.
 */
function widest({ PULUMI_NODEJS_PARALLEL: parallel }: NodeJS.ProcessEnv = process.env): number {
  return pulumi.runtime.isDryRun() ? 32 : Math.max(64, Number(parallel) || Number.POSITIVE_INFINITY);
}

/** How an account stands, in the stack's outputs; in words where a step failed in a way that is no data. */
export async function standing({
  state,
  fault,
}: {
  readonly state: pulumi.Output<AccountState | undefined>;
  readonly fault: pulumi.Output<string>;
}): Promise<pulumi.Input<unknown>> {
  const output = pulumi.recover<Partial<AccountState> | string | undefined>(
    pulumi.all([state, fault]).apply(([stands, failed]) => (failed ? { ...stands, failed } : stands)),
    () => "failed: see the errors of the run",
  );
  const { isKnown, isSecret } = output as unknown as { isKnown: Promise<boolean>; isSecret: Promise<boolean> };
  // A value keeps hold of no resource, as its output would.
  return (await isKnown) && !(await isSecret) ? known(output) : output;
}

function ended(output: pulumi.Output<unknown>): Promise<unknown> {
  return (output as unknown as { promise(): Promise<unknown> }).promise();
}

/** The SDK's stack has a list of all that was made in it, which nobody reads but what depends on a whole component. */
function forget(account: Account): void {
  const { __childResources: children } = (pulumi.runtime.getStackResource() ?? {}) as {
    readonly __childResources?: Set<pulumi.Resource>;
  };
  children?.delete(account);
}

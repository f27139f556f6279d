import type * as pulumi from "@pulumi/pulumi";
import type { AccountDeclaration, Freeze } from "../rotation/declaration/declaration";

/** What an account is rotated by. */
export interface AccountArgs {
  /** The account as declared. */
  readonly declaration: AccountDeclaration;
  /** The fleet's id: part of the mark that each token's description ends with. */
  readonly fleet: string;
  /** Days on which nothing rotates. */
  readonly freezes: readonly Freeze[];
  /** The UTC day that the run works for, `YYYY-MM-DD`. */
  readonly today: string;
  /** Generations whose days have come and which wait their turn. @default none */
  readonly waiting?: readonly string[] | undefined;
  /** Whether GitLab is asked in this run which of the account's tokens live. @default false */
  readonly health?: boolean;
  /** Settles when the provider knows which places all accounts of the stack declare: before that no account is guarded, and no token dies. */
  readonly declared: pulumi.Output<unknown>;
}

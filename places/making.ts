import type * as pulumi from "@pulumi/pulumi";
import type { Given } from "../components/declared";
import type { Consumer } from "../contract/types/places";
import type { AccountDeclaration } from "../rotation/declaration/declaration";

/** The token to be stored. */
export interface StoredToken {
  readonly token: pulumi.Output<string>;
  /** The day on which it dies, `YYYY-MM-DD`. */
  readonly expiresAt: pulumi.Output<string>;
}

/** A place as a resource. */
export interface Made {
  readonly resource: pulumi.CustomResource;
  /** The place as the proof and the retirement address it, with ids. */
  readonly place: Given<Consumer>;
}

/** Makes the resource of a place, which has the place hold the token. */
export type Maker<T> = (
  target: T,
  name: string,
  token: StoredToken,
  account: AccountDeclaration,
  options: pulumi.CustomResourceOptions,
) => Made;

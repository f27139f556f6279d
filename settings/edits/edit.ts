import type { Day } from "../../ground/day";
import type { TokenPermissions } from "../../rotation/permissions/permissions";

/** A change of the declaration. Each can be made twice: the second time it changes nothing. */
export type Edit =
  | { readonly kind: "extra-date"; readonly account: string; readonly date: Day; readonly reason: string }
  | { readonly kind: "hold"; readonly account: string; readonly generation: string }
  | { readonly kind: "release-hold"; readonly account: string }
  | {
      readonly kind: "retry";
      readonly account: string;
      readonly generation: string;
      readonly on: Day;
      readonly reason: string;
    }
  | { readonly kind: "adopt"; readonly account: string; readonly block: string }
  | { readonly kind: "migrate"; readonly account: string; readonly permissions: readonly TokenPermissions[] }
  | { readonly kind: "decommission"; readonly account: string; readonly reason: string }
  | {
      readonly kind: "compromise";
      readonly account: string;
      readonly generation: string;
      readonly reason: string;
      /** Opens a generation that replaces it. @default none */
      readonly on?: Day | undefined;
    };

/** A change that cannot be made, and what to do instead. */
export class EditError extends Error {
  override readonly name = "EditError";
}

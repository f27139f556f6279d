import type { RawSettings } from "../../../rotation/declaration/settings";

/** A field of a 1Password item, as written. */
export interface ItemBlock {
  readonly vault: string;
  readonly item: string;
  readonly section?: string;
  readonly field: string;
}

/** A project's variable, as written. */
export interface VariableBlock {
  readonly project: string;
  readonly key: string;
}

/** A pipeline that proves a token, as written. */
export interface ProofBlock {
  readonly project: string;
  readonly schedule?: string;
  readonly ref?: string;
  readonly jobs: readonly string[];
  readonly waitMinutes: number;
}

/** An account as a person writes it, with the keys that a soak edits. */
export interface AccountBlock {
  readonly name: string;
  readonly formerly?: string;
  readonly account: { readonly group: string; readonly username: string };
  readonly token: { readonly name: string; readonly scopes: readonly string[] };
  readonly rotation: {
    readonly startsOn: string;
    readonly everyDays: number;
    readonly weekday: string;
    readonly overlapDays: number;
    readonly lifetimeDays: number;
    readonly extraDates?: readonly { readonly date: string; readonly reason: string }[];
  };
  readonly adopt?: { readonly tokenId: number; readonly expiresAt: string };
  readonly compromised?: readonly { readonly generation: string; readonly reason: string; readonly on?: string }[];
  readonly onePassword: readonly ItemBlock[];
  readonly variables: readonly VariableBlock[];
  readonly proof: readonly ProofBlock[];
  readonly decommission?: { readonly reason: string };
  readonly onRemoval?: "refuse" | "revoke" | "release";
}

/** A stack's settings as a person writes them. */
export interface Declaration {
  readonly fleet: string;
  readonly freezes: readonly { readonly from: string; readonly to: string }[];
  readonly health: boolean;
  readonly accounts: readonly AccountBlock[];
}

/** The same, for the product's own reader. */
export const rawOf = (declaration: Declaration): RawSettings => ({ ...declaration });

/** A place that holds a token. */
export type Place =
  | { readonly kind: "item"; readonly vault: string; readonly item: string; readonly section?: string }
  | { readonly kind: "variable"; readonly project: string; readonly key: string };

/** The places of an account. */
export function placesOf({ onePassword, variables }: AccountBlock): readonly Place[] {
  return [
    ...onePassword.map(
      ({ vault, item, section }): Place => ({
        kind: "item",
        vault,
        item,
        ...(section === undefined ? {} : { section }),
      }),
    ),
    ...variables.map(({ project, key }): Place => ({ kind: "variable", project, key })),
  ];
}

/** A place as people say it; the same for the same place. */
export function titleOf(place: Place): string {
  return place.kind === "item"
    ? `item ${place.vault}/${place.item}/${place.section ?? ""}`
    : `variable ${place.key} of ${place.project}`;
}

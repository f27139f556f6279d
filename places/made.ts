import type * as pulumi from "@pulumi/pulumi";
import type { AccountDeclaration } from "../rotation/declaration/declaration";
import { type DeclaredPlaces, type Placed, placesOf, type Setting } from "./declared";
import { madeItem } from "./item/made";
import type { Made, Maker, StoredToken } from "./making";
import { madeSecret } from "./openbao/made";
import { madeVariable } from "./variable/made";

const makers: { readonly [S in Setting]: Maker<DeclaredPlaces[S][number]> } = {
  onePassword: madeItem,
  variables: madeVariable,
  openBao: madeSecret,
};

/** The resource of each place that an account declares, by the names that they are to have. */
export function madePlaces(
  account: AccountDeclaration,
  names: readonly string[],
  token: StoredToken,
  options: pulumi.CustomResourceOptions,
): readonly (Made & Pick<Placed, "title">)[] {
  return placesOf(account).map(({ setting, index, title }, position) => {
    const make = makers[setting] as Maker<object>;
    const target = account[setting][index] as object;
    return { ...make(target, names[position] ?? "", token, account, options), title };
  });
}

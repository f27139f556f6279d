import type { z } from "zod";
import type { AccountInputs } from "../contract/account";
import type { Consumer } from "../contract/types/places";
import type { Raw } from "../ground/raw";
import { type ItemDeclaration, item } from "./item/declared";
import type { DeclaredPlace, Input, PlaceKind } from "./kind";
import { type SecretDeclaration, secret } from "./openbao/declared";
import { type VariableDeclaration, variable } from "./variable/declared";

/** The places of an account, as its settings have them. */
export interface DeclaredPlaces {
  /** Where the token is kept in 1Password. @default none */
  readonly onePassword: readonly ItemDeclaration[];
  /** CI/CD variables that hold the token. @default none */
  readonly variables: readonly VariableDeclaration[];
  /** Keys of secrets in OpenBao or HashiCorp Vault that hold the token. @default none */
  readonly openBao: readonly SecretDeclaration[];
}

/** A kind by its name in an account's settings. */
export type Setting = keyof DeclaredPlaces;

/** Every kind of place, in the order in which their resources are made. A new one is a line here and in the two tables beside it. */
export const kinds = { onePassword: item, variables: variable, openBao: secret } as const;

/** The schema of each kind's setting. */
export const placeSchemas = {
  onePassword: kinds.onePassword.written.default([]),
  variables: kinds.variables.written.default([]),
  openBao: kinds.openBao.written.default([]),
} as {
  readonly [S in Setting]: z.ZodDefault<z.ZodType<DeclaredPlaces[S]>>;
};

/** A place of an account, and where it is declared. */
export interface Placed extends DeclaredPlace {
  readonly setting: Setting;
  /** In the list of that setting. */
  readonly index: number;
  readonly isVault: boolean;
}

/** The kinds by their names, in their order. */
export const settings = Object.keys(kinds) as Setting[];

/** The kind of a setting; what is declared there is its own. */
function kindOf(setting: Setting): PlaceKind<object> {
  return kinds[setting] as unknown as PlaceKind<object>;
}

/** The setting of a place that a step was given. */
export function settingOf({ kind }: Pick<Consumer, "kind">): Setting {
  const setting = settings.find((one) => kindOf(one).kind === kind);
  if (setting === undefined) throw new Error(`reading a place: there is no kind of place "${kind}"`);
  return setting;
}

/** The kind of a place that a step was given. */
export function kindOfPlace(place: Pick<Consumer, "kind">): PlaceKind<object> {
  return kindOf(settingOf(place));
}

/** Every place that an account declares, kind by kind. */
export function placesOf(declared: DeclaredPlaces): readonly Placed[] {
  return settings.flatMap((setting) => {
    const kind = kindOf(setting);
    return declared[setting].map((target, index) => ({ ...kind.of(target), setting, index, isVault: kind.isVault }));
  });
}

/** What an account declares of each kind, as its resource takes it. */
export function targetsOf(account: DeclaredPlaces): Targets {
  return {
    items: account.onePassword.map((item) => ({ ...item })),
    variables: account.variables.map((variable) => ({ ...variable })),
    // A stack that has none is as it was before there were any.
    ...(account.openBao.length === 0 ? {} : { secrets: account.openBao.map((one) => ({ ...one })) }),
  };
}

/** The places of an account, as its resource has them. */
export type Targets = Pick<AccountInputs, Input>;

/** Every place that an account's resource was given. */
export function targetPlaces({ items, variables, secrets = [] }: Targets): readonly DeclaredPlace[] {
  return [...items.map(item.of), ...variables.map(variable.of), ...secrets.map(secret.of)];
}

/** Every place that an account writes, whatever is wrong with it, and its path in the account. */
export function writtenPlaces(
  account: Raw,
): readonly { readonly kind: PlaceKind<object>; readonly raw: unknown; readonly path: string }[] {
  return settings.flatMap((setting) => {
    const all = account[setting];
    const kind = kindOf(setting);
    return Array.isArray(all) ? all.map((raw: unknown, index) => ({ kind, raw, path: `${setting}[${index}]` })) : [];
  });
}

/** Pairs of places of which the files alone cannot tell whether they are one. */
export function doubtful<A extends DeclaredPlaces>(accounts: readonly A[]): readonly (readonly [Whose<A>, Whose<A>])[] {
  return settings.flatMap((setting) => {
    const { doubt, of } = kindOf(setting);
    if (doubt === undefined) return [];
    const all = accounts.flatMap((account) =>
      (account[setting] as readonly object[]).map((target) => ({ account, target })),
    );
    const pairs: (readonly [Whose<A>, Whose<A>])[] = [];
    const told = ({ account, target }: (typeof all)[number]) => ({ account, title: of(target).title });
    const compare = (one: (typeof all)[number], others: typeof all) => {
      for (const other of others) if (doubt.mayBeSame(one.target, other.target)) pairs.push([told(one), told(other)]);
    };
    for (const some of grouped(all, ({ target }) => doubt.sorted(target).place))
      for (const [position, one] of some.entries()) compare(one, some.slice(position + 1));
    const forms = grouped(all, ({ target }) => doubt.sorted(target).form);
    for (const [position, some] of forms.entries())
      for (const others of forms.slice(position + 1)) for (const one of some) compare(one, others);
    return pairs;
  });
}

/** A place, and whose it is. */
interface Whose<A> {
  readonly account: A;
  readonly title: string;
}

function grouped<T>(all: readonly T[], by: (one: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(by(one));
    if (group === undefined) groups.set(by(one), [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

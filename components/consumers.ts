import * as gitlab from "@pulumi/gitlab";
import * as onepassword from "@pulumi/onepassword";
import type * as pulumi from "@pulumi/pulumi";
import type { DeclaredAccount } from "../contract/run";
import type { Consumer } from "../contract/types/places";
import { whyUnmade } from "../ground/unmade";
import { generations } from "../rotation/calendar/generations";
import { itemNames, variableNames } from "../rotation/checks/names";
import type {
  AccountDeclaration,
  Freeze,
  ItemDeclaration,
  VariableDeclaration,
} from "../rotation/declaration/settings";
import type { Given } from "./declared";

type Place = Given<Consumer>;

/** The token to be stored. */
interface Token {
  readonly token: pulumi.Output<string>;
  /** The day on which it dies, `YYYY-MM-DD`. */
  readonly expiresAt: pulumi.Output<string>;
}

/** The places that hold an account's token, each a resource: 1Password items and GitLab CI/CD variables. */
export class Consumers {
  /** One resource for each declared place. */
  readonly resources: readonly pulumi.CustomResource[];
  /** The places as the proof and the retirement address them, with ids. */
  readonly places: readonly Place[];
  /** The places in words, for people. */
  readonly titles: readonly string[];

  constructor(name: string, declaration: AccountDeclaration, token: Token, options: pulumi.CustomResourceOptions) {
    const called = { ...declaration, name };
    const [itemsNamed, variablesNamed] = [itemNames(called), variableNames(called)];
    const items = declaration.onePassword.map((target, index) =>
      storedItem(itemsNamed[index] ?? "", declaration, target, token, options),
    );
    const variables = declaration.variables.map((target, index) =>
      storedVariable(variablesNamed[index] ?? "", target, token, options),
    );
    const stored = [...items, ...variables];
    this.titles = [...declaration.onePassword.map(itemTitle), ...declaration.variables.map(variableTitle)];
    this.resources = stored.map(({ resource }) => resource);
    this.places = stored.map(({ place, resource }, index) => ({
      ...place,
      title: this.titles[index] ?? "",
      unmade: resource.id.apply(whyUnmade) as pulumi.Output<string>,
    }));
  }

  /** The declared places by their names, before any resource exists: variables, and items that are there already. */
  static named({ variables, onePassword }: AccountDeclaration): Place[] {
    const items = onePassword.filter(({ newItem }) => newItem === undefined);
    return [
      ...variables.map((target) => ({ ...variablePlace(target), title: variableTitle(target) })),
      // A hidden variable shows nothing; the vault then does.
      ...items.map((target) => ({ kind: "item" as const, ...itemPlace(target), title: itemTitle(target) })),
    ];
  }
}

/** An account and its places, as all others of the stack must know them: no token dies while one of these holds it. */
export function declaredAccount(
  declaration: AccountDeclaration,
  freezes: readonly Freeze[],
  today: string,
): DeclaredAccount {
  const { name, account } = declaration;
  const rotates = generations(declaration, freezes, today).some(({ date }) => date !== undefined);
  // An item of its own is there from the first rotation on.
  const made = rotates ? declaration.onePassword.filter(({ newItem }) => newItem !== undefined) : [];
  return {
    name,
    username: account.username,
    rotates,
    places: [
      ...(Consumers.named(declaration) as Consumer[]),
      ...made.map((target) => ({
        kind: "item" as const,
        vault: target.vault,
        item: target.newItem ?? "",
        field: "credential",
        title: itemTitle(target),
      })),
    ],
  };
}

interface Stored {
  readonly name: string;
  readonly resource: pulumi.CustomResource;
  readonly place: Place;
}

function storedItem(
  resourceName: string,
  declaration: AccountDeclaration,
  target: ItemDeclaration,
  token: Token,
  options: pulumi.CustomResourceOptions,
): Stored {
  if (target.newItem !== undefined) {
    const item = new onepassword.Item(
      resourceName,
      {
        vault: target.vault,
        title: target.newItem,
        category: "api_credential",
        // The bot of an access token has a name that nobody knows before.
        username: declaration.account.username || declaration.token.name,
        credential: token.token,
        expiresAt: token.expiresAt,
      },
      options,
    );
    return {
      name: resourceName,
      resource: item,
      place: { kind: "item", vaultUuid: item.vaultUuid, itemUuid: item.uuid, fieldId: "credential" },
    };
  }
  const field = new onepassword.ItemField(
    resourceName,
    {
      vault: target.vault,
      item: target.item ?? "",
      field: target.field,
      ...(target.section === undefined ? {} : { section: target.section }),
      ...(target.shown === true ? { shown: true } : {}),
      value: token.token,
      expiresAt: token.expiresAt,
    },
    options,
  );
  return {
    name: resourceName,
    resource: field,
    place: { kind: "item", vaultUuid: field.vaultUuid, itemUuid: field.itemUuid, fieldId: field.fieldId },
  };
}

function itemPlace({
  vault,
  item,
  field,
  section,
}: ItemDeclaration): Pick<Place, "vault" | "item" | "field" | "section"> {
  return { vault, ...(item === undefined ? {} : { item }), field, ...(section === undefined ? {} : { section }) };
}

function storedVariable(
  resourceName: string,
  target: VariableDeclaration,
  token: Token,
  options: pulumi.CustomResourceOptions,
): Stored {
  const { project: _project, group: _group, instance: _, ...attributes } = target;
  const args = { ...attributes, value: token.token };
  const resource = variableOf(target, resourceName, args, options);
  return { name: resourceName, resource, place: variablePlace(target) };
}

function variableOf(
  { project, group }: VariableDeclaration,
  name: string,
  args: Omit<gitlab.ProjectVariableArgs, "project">,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  if (project !== undefined) return new gitlab.ProjectVariable(name, { ...args, project }, options);
  if (group !== undefined) return new gitlab.GroupVariable(name, { ...args, group }, options);
  // One of the instance has no scope and is never hidden.
  const { environmentScope: _scope, hidden: _hidden, ...rest } = args;
  return new gitlab.InstanceVariable(name, rest, options);
}

function variablePlace({ project, group, key, environmentScope }: VariableDeclaration): Place {
  return {
    kind: "variable",
    ...(project === undefined ? {} : { project }),
    ...(group === undefined ? {} : { group }),
    key,
    environmentScope,
  };
}

function itemTitle({ vault, item, newItem, field }: ItemDeclaration): string {
  return newItem === undefined
    ? `field "${field}" of 1Password item "${item}" in vault "${vault}"`
    : `1Password item "${newItem}" in vault "${vault}"`;
}

function variableTitle({ project, group, key, environmentScope }: VariableDeclaration): string {
  const scope = environmentScope === "*" ? "" : ` (${environmentScope})`;
  const of = project !== undefined ? `project "${project}"` : group !== undefined ? `group "${group}"` : "the instance";
  return `CI/CD variable "${key}" of ${of}${scope}`;
}

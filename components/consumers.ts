import type * as pulumi from "@pulumi/pulumi";
import type { DeclaredAccount } from "../contract/run";
import type { Consumer } from "../contract/types/places";
import { whyUnmade } from "../ground/unmade";
import { type DeclaredPlaces, placesOf } from "../places/declared";
import { madePlaces } from "../places/made";
import type { StoredToken } from "../places/making";
import { generations } from "../rotation/calendar/generations";
import { placeNames } from "../rotation/checks/names";
import type { AccountDeclaration, Freeze } from "../rotation/declaration/settings";
import type { Given } from "./declared";

/** The places that hold an account's token, each a resource. */
export class Consumers {
  /** One resource for each declared place. */
  readonly resources: readonly pulumi.CustomResource[];
  /** The places as the proof and the retirement address them, with ids. */
  readonly places: readonly Given<Consumer>[];
  /** The places in words, for people. */
  readonly titles: readonly string[];

  constructor(
    name: string,
    declaration: AccountDeclaration,
    token: StoredToken,
    options: pulumi.CustomResourceOptions,
  ) {
    const names = placeNames({ ...declaration, name }).map((one) => one.name);
    const made = madePlaces(declaration, names, token, options);
    this.titles = made.map(({ title }) => title);
    this.resources = made.map(({ resource }) => resource);
    this.places = made.map(({ place, resource, title }) => ({
      ...place,
      title,
      unmade: resource.id.apply(whyUnmade) as pulumi.Output<string>,
    }));
  }
}

/**
 * The declared places by their names, before any resource exists: those that are there already, and those first that serve
 * jobs. A hidden variable shows nothing; the vault then does.
 */
export function namedPlaces(declaration: DeclaredPlaces): Consumer[] {
  const there = placesOf(declaration).filter(({ isMade }) => !isMade);
  const inVaults = there.filter(({ isVault }) => isVault);
  return [...there.filter(({ isVault }) => !isVault), ...inVaults].map(({ place }) => place);
}

/** An account and its places, as all others of the stack must know them: no token dies while one of these holds it. */
export function declaredAccount(
  declaration: AccountDeclaration,
  freezes: readonly Freeze[],
  today: string,
): DeclaredAccount {
  const { name, account } = declaration;
  const rotates = generations(declaration, freezes, today).some(({ date }) => date !== undefined);
  // One that is made is there from the first rotation on.
  const made = rotates ? placesOf(declaration).filter(({ isMade }) => isMade) : [];
  return {
    name,
    username: account.username,
    rotates,
    places: [...namedPlaces(declaration), ...made.map(({ place }) => place)],
  };
}

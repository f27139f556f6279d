import type { Servers } from "../clients/servers";
import type { Consumer } from "../contract/types/places";
import { type DeclaredPlaces, kindOfPlace, kinds, type Setting, settingOf, settings, type Targets } from "./declared";
import { servedItem } from "./item/served";
import { servedSecret } from "./openbao/served";
import type { Members, ReadablePlace } from "./readers";
import type { Around, Look, ServedKind, Value } from "./serving";
import { servedVariable } from "./variable/served";

const served: { readonly [S in Setting]: ServedKind<DeclaredPlaces[S][number]> } = {
  onePassword: servedItem,
  variables: servedVariable,
  openBao: servedSecret,
};

function kindOf(setting: Setting): ServedKind<object> {
  return served[setting] as unknown as ServedKind<object>;
}

function ofPlace(place: Consumer): ServedKind<object> {
  return kindOf(settingOf(place));
}

/** The place in words, for people. */
export function placeTitle(place: Consumer): string {
  return place.title ?? kindOfPlace(place).title(place);
}

/** The value that a place holds, empty when it holds none; undefined when it does not show it. */
export async function readPlace(place: Consumer, at: Servers): Promise<string | undefined> {
  return (await ofPlace(place).look(place, at)).value;
}

/** What a place shows. */
export function lookAt(place: Consumer, at: Servers, isShown?: boolean): Promise<Look> {
  return ofPlace(place).look(place, at, isShown);
}

/** Has a place hold a value, and nothing else of it changed. */
export function writePlace(place: Consumer, value: Value, at: Servers): Promise<void> {
  return ofPlace(place).write(place, value, at);
}

/** What writes to the places of an account would be refused for, of the kinds that are asked about. */
export async function placeFaults(
  targets: Targets,
  around: Around,
  at: Servers,
  isAsked: (setting: Setting) => boolean,
): Promise<readonly string[]> {
  const asked = settings.filter(isAsked);
  const faults = asked.map((setting) => kindOf(setting).faults(targets[kinds[setting].input] ?? [], around, at));
  return (await Promise.all(faults)).flat();
}

/** The places that are there only from the first rotation on, and are not yet; in words. */
export async function missingPlaces(
  account: DeclaredPlaces,
  setting: Setting,
  at: Servers,
): Promise<readonly string[]> {
  const kind = kindOf(setting);
  const looks = (account[setting] as readonly object[]).map((target) => kind.missing?.(target, at));
  return (await Promise.all(looks)).filter((one) => one !== undefined);
}

/** Who can read each place of an account, in the order of their declaration. */
export function readersOf(
  account: DeclaredPlaces,
  at: Servers,
  members: Members,
): readonly (() => Promise<ReadablePlace>)[] {
  return settings.flatMap((setting) =>
    (account[setting] as readonly object[]).map((target) => () => kindOf(setting).readers(target, at, members)),
  );
}

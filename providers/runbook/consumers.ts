import { isDeepStrictEqual } from "node:util";
import { messageOf } from "../../clients/faults";
import { ownToken } from "../../clients/gitlab/users/tokens";
import { Forbidden, Unauthorized } from "../../clients/http";
import type { Servers } from "../../clients/servers";
import type { Consumer } from "../../contract/types/places";
import { placeTitle, readPlace, writePlace } from "../../places/served";
import type { Value } from "../../places/serving";
import { holdsUnknown } from "../host/values";

/** Whether the same places hold the token. What people call them, and what their own steps failed of, makes no difference. */
export function isSamePlaces(old: readonly Consumer[], consumers: readonly Consumer[]): boolean {
  if (holdsUnknown(consumers)) return false;
  const places = (all: readonly Consumer[]) => all.map(({ title: _title, unmade: _unmade, ...place }) => place);
  return isDeepStrictEqual(places(old), places(consumers));
}

/**
 * Has every place hold a value, and nothing else of it changed. Setting may be repeated, so a lost answer is answered by
 * setting once more.
 *
 * @returns what failed, in words; the other places were set.
 */
export async function setConsumers(servers: Servers, consumers: readonly Consumer[], value: Value): Promise<string[]> {
  const results = await Promise.all(
    consumers.map(async (consumer) => {
      try {
        await writePlace(consumer, value, servers);
        return undefined;
      } catch (error) {
        return `${placeTitle(consumer)} could not be set: ${messageOf(error)}`;
      }
    }),
  );
  return results.filter((result) => result !== undefined);
}

/**
 * Has every place hold a value. Those that show it already are left alone; a crash, or a person, may have put another value
 * into the others since they were set. A value that died meanwhile is set nowhere: what they hold may live.
 *
 * @returns what failed, in words, while the other places hold it; and whether all of them were seen to hold it already.
 */
export async function ensureConsumers(
  servers: Servers,
  consumers: readonly Consumer[],
  value: Value,
): Promise<{ readonly failures: readonly string[]; readonly held: boolean }> {
  const others = await placesWithout(servers, consumers, value.token);
  if (others.length === 0) return { failures: [], held: true };
  const fault = await faultOf(value, servers);
  return { failures: fault === undefined ? await setConsumers(servers, others, value) : [fault], held: false };
}

/** The places that do not show a value: those that hold another one, show none, or cannot be read. */
export async function placesWithout(
  servers: Servers,
  consumers: readonly Consumer[],
  token: string,
): Promise<readonly Consumer[]> {
  const shown = await shownBy(servers, consumers);
  return consumers.filter((_, index) => shown[index] !== token);
}

/** The places that show another value; those that show none, or cannot be read, are not among them. */
export async function otherPlaces(
  servers: Servers,
  consumers: readonly Consumer[],
  token: string,
): Promise<readonly Consumer[]> {
  const shown = await shownBy(servers, consumers);
  return consumers.filter((_, index) => shown[index] !== undefined && shown[index] !== token);
}

/** The value of each place, in their order; undefined for one that shows none, or cannot be read. */
function shownBy(servers: Servers, consumers: readonly Consumer[]): Promise<(string | undefined)[]> {
  return Promise.all(consumers.map((consumer) => readPlace(consumer, servers).catch(() => undefined)));
}

/** What speaks against setting a value. */
async function faultOf({ token }: Value, servers: Servers): Promise<string | undefined> {
  try {
    await ownToken(servers.gitlab().withToken(token));
    return undefined;
  } catch (error) {
    if (error instanceof Forbidden && error.byPermissions) return undefined;
    if (!(error instanceof Unauthorized)) return `it could not be tested before that: ${messageOf(error)}`;
    return `it is dead (${error.serverMessage ?? "401"}), so the places were left as they are. If somebody revoked it: run "pulumi refresh", then "pulumi up", which mints another one`;
  }
}

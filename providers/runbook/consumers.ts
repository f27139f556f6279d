import { isDeepStrictEqual } from "node:util";
import { messageOf } from "../../clients/faults";
import { ownerOf, ownerTitle } from "../../clients/gitlab/owner";
import { getVariable, updateVariable } from "../../clients/gitlab/projects/variables";
import { ownToken } from "../../clients/gitlab/users/tokens";
import { Forbidden, mayHaveHappened, NotFound, Unauthorized } from "../../clients/http";
import { findField, findItem } from "../../clients/onepassword/lookup";
import { setValue } from "../../clients/onepassword/patch";
import type { Servers } from "../../clients/servers";
import type { Consumer } from "../../contract/types/places";
import { holdsUnknown } from "../host/values";
import { setExpiry } from "../onepassword/expiry";
import { fieldRefusal } from "../onepassword/fieldRefusal";

/** What the places are to hold. */
export interface Value {
  readonly token: string;
  /** The day on which it dies; written into the items that have a date field for it. */
  readonly expiresAt?: string;
}

/** The place in words, for people. */
export function consumerTitle(consumer: Consumer): string {
  if (consumer.title !== undefined) return consumer.title;
  if (consumer.kind === "item")
    return `field "${consumer.fieldId}" of 1Password item ${consumer.itemUuid} in vault ${consumer.vaultUuid}`;
  const scope = consumer.environmentScope ?? "*";
  const scoped = scope === "*" ? "" : ` (environment "${scope}")`;
  return `variable "${consumer.key}" of ${ownerTitle(ownerOf(consumer))}${scoped}`;
}

/** Whether the same places hold the token. What people call them, and what their own steps failed of, makes no difference. */
export function isSamePlaces(old: readonly Consumer[], consumers: readonly Consumer[]): boolean {
  if (holdsUnknown(consumers)) return false;
  const places = (all: readonly Consumer[]) => all.map(({ title: _title, unmade: _unmade, ...place }) => place);
  return isDeepStrictEqual(places(old), places(consumers));
}

/** The value that a place holds, empty when it holds none; undefined when it does not show it (a hidden variable). */
export async function readConsumer(servers: Servers, consumer: Consumer): Promise<string | undefined> {
  if (consumer.kind === "item") {
    if (consumer.itemUuid === undefined) return readNamed(servers, consumer);
    const item = await servers.vaults().getItem(consumer.vaultUuid ?? "", consumer.itemUuid);
    return item.fields.find(({ id }) => id === consumer.fieldId)?.value ?? "";
  }
  const scope = consumer.environmentScope ?? "*";
  return (await getVariable(servers.gitlab(), ownerOf(consumer), consumer.key ?? "", scope)).value;
}

async function readNamed(servers: Servers, { vault = "", item = "", field = "", section }: Consumer): Promise<string> {
  const vaults = servers.vaults();
  const home = await vaults.findVault(vault);
  return findField(await findItem(vaults, home, item), field, section)?.value ?? "";
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
        await setConsumer(servers, consumer, value);
        return undefined;
      } catch (error) {
        return `${consumerTitle(consumer)} could not be set: ${messageOf(error)}`;
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
  return Promise.all(consumers.map((consumer) => readConsumer(servers, consumer).catch(() => undefined)));
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

async function setConsumer(servers: Servers, consumer: Consumer, { token: value, expiresAt }: Value): Promise<void> {
  if (consumer.kind === "item" && consumer.itemUuid === undefined)
    throw new Error(consumer.unmade ?? "it was not found or made: see the warning at its own step");
  if (consumer.kind === "item") return setItem(servers, consumer, value, expiresAt);
  const set = () =>
    updateVariable(servers.gitlab(), ownerOf(consumer), consumer.key ?? "", consumer.environmentScope ?? "*", {
      value,
    });
  await set().catch((error: unknown) => {
    // One that is not there is made by its own step alone.
    if (error instanceof NotFound && consumer.unmade !== undefined) throw new Error(consumer.unmade, { cause: error });
    if (!mayHaveHappened(error)) throw error;
    return set();
  });
}

/** The value, and the day that the item says it expires on, in one write. */
async function setItem(
  servers: Servers,
  { vaultUuid = "", itemUuid = "", fieldId = "" }: Consumer,
  value: string,
  expiresAt: string | undefined,
): Promise<void> {
  const vaults = servers.vaults();
  const item = await vaults.getItem(vaultUuid, itemUuid);
  const field = item.fields.find(({ id }) => id === fieldId) ?? { id: fieldId, type: "CONCEALED", value: "" };
  const refusal = fieldRefusal(item, field);
  if (refusal !== undefined) throw new Error(refusal);
  const operations = [
    ...(field.value === value ? [] : [setValue(field, value)]),
    ...(expiresAt === undefined ? [] : setExpiry(item, field.section?.id, expiresAt)),
  ];
  if (operations.length > 0) await vaults.patchItem(vaultUuid, itemUuid, operations);
}

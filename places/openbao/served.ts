import { isDenied, isTrouble, messageOf } from "../../clients/faults";
import { ApiError, MissingCredential, NotFound, StrangeAnswer, UnusableEnvironment } from "../../clients/http";
import { capabilities, dataPath, readSecret, type Secret } from "../../clients/openbao/secrets";
import type { Servers } from "../../clients/servers";
import type { SecretTarget } from "../../contract/types/places";
import type { ReadablePlace } from "../readers";
import type { ServedKind } from "../serving";
import { secret as declared } from "./declared";
import { pathOf, writeSecret } from "./write";

/** Keys of secrets in OpenBao or Vault. */
export const servedSecret: ServedKind<SecretTarget> = {
  look: async (place, at) => ({ value: textOf(await readSecret(at.openBao(), pathOf(place)), place.field) }),
  write: async (place, { token }, at) => {
    await writeSecret(at.openBao(), pathOf(place), place.field ?? "", token);
  },
  faults,
  readers,
};

function textOf({ data }: Secret, field = ""): string {
  const value = data?.[field];
  return typeof value === "string" ? value : "";
}

/** Each must be readable, and writable by our token's policies; what it holds must be a text. One request tells all rights. */
async function faults(targets: readonly SecretTarget[], _around: unknown, at: Servers): Promise<readonly string[]> {
  if (targets.length === 0) return [];
  try {
    const rights = await capabilities(at.openBao(), [...new Set(targets.map((one) => dataPath(pathOf(one))))]);
    const found = await Promise.all(targets.map((one) => faultOf(one, rights.get(dataPath(pathOf(one))) ?? [], at)));
    return found.filter((fault) => fault !== undefined);
  } catch (error) {
    if (error instanceof MissingCredential)
      return [
        `OpenBao cannot be reached: ${messageOf(error)}. Its policy has to allow "read", "create" and "update" (or "patch") on ${targets.map((one) => `"${dataPath(pathOf(one))}"`).join(", ")}`,
      ];
    if (error instanceof ApiError || error instanceof UnusableEnvironment)
      return [`OpenBao cannot be asked what our token may do: ${messageOf(error)}`];
    throw error;
  }
}

async function faultOf(target: SecretTarget, rights: readonly string[], at: Servers): Promise<string | undefined> {
  const { title, place } = declared.of(target);
  const may = (...any: readonly string[]) => rights.includes("root") || any.some((one) => rights.includes(one));
  const missing = (right: string) =>
    `${title}: the token in "BAO_TOKEN" may not ${right} there. Allow it on "${dataPath(pathOf(place))}" in a policy of that token`;
  if (rights.includes("deny") || !may("read")) return missing('"read"');
  try {
    const { data, version } = await readSecret(at.openBao(), pathOf(place));
    if (version === 0 && !may("create")) return missing('"create"');
    if (version > 0 && !may("update", ...(data === undefined ? [] : ["patch"]))) return missing('"update"');
    const held = data?.[place.field ?? ""];
    if (held !== undefined && typeof held !== "string")
      return `${title}: it holds no text, and a token would take its place. Name another key`;
    return undefined;
  } catch (error) {
    if (error instanceof NotFound)
      return `${title}: no engine KV answers at the mount "${place.mount}" (${messageOf(error)}). Correct "mount", or enable one there, of version 2`;
    return `${title}: ${messageOf(error)}`;
  }
}

/** Policies decide, which OpenBao shows to those who may read them alone. */
async function readers(target: SecretTarget, at: Servers): Promise<ReadablePlace> {
  const { title, place } = declared.of(target);
  const ask = `OpenBao tells nobody who may read a path: its policies decide. Ask whoever keeps them which ones allow "read" on ${dataPath(pathOf(place))} (bao policy list, bao policy read), and who has these.`;
  const told = { place: title, can: "read it", readers: [] };
  try {
    const { data, version } = await readSecret(at.openBao(), pathOf(place));
    const has = data === undefined || place.field === undefined || place.field in data;
    const attributes = version === 0 ? ["not there yet"] : [`version ${version}`, ...(has ? [] : ["no such key"])];
    return { ...told, attributes, untold: [ask] };
  } catch (error) {
    const isUnset = error instanceof MissingCredential;
    if (!isUnset && !isDenied(error) && !isTrouble(error) && !(error instanceof StrangeAnswer)) throw error;
    return {
      ...told,
      attributes: [],
      untold: [isUnset ? `It was not looked at: ${messageOf(error)}.` : `${messageOf(error)}.`, ask],
    };
  }
}

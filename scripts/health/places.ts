import { ownerOf } from "../../providers/gitlab/api/owner";
import { ownToken, type Token } from "../../providers/gitlab/api/tokens";
import { getVariable } from "../../providers/gitlab/api/variables";
import { Unauthorized } from "../../providers/http";
import { findField, findItem } from "../../providers/onepassword/lookup";
import { messageOf } from "../../providers/runbook/faults";
import type { Servers } from "../../providers/runbook/servers";
import type { AccountDeclaration, ItemDeclaration, VariableDeclaration } from "../../rotation/declaration";
import type { HeldPlace } from "../../rotation/health";
import { itemText, variableText } from "../../rotation/places";
import { each } from "../command";

/** What places hold, and the tokens that were met there. */
export interface Held {
  readonly places: readonly HeldPlace[];
  readonly met: readonly Token[];
}

/**
 * What the declared places of an account hold. Whose a value is, only GitLab can tell: it is asked once for each value, as
 * the token itself, which counts as its use.
 */
export async function heldPlaces(declaration: AccountDeclaration, at: Servers): Promise<Held> {
  const asked = new Map<string, Promise<Token | undefined>>();
  const places = [
    ...declaration.onePassword.map((item) => ({ place: itemText(item), read: () => itemValue(item, at) })),
    ...declaration.variables.map((one) => ({ place: variableText(one), read: () => variableValue(one, at) })),
  ];
  const held = await each(places, async ({ place, read }): Promise<HeldPlace> => {
    try {
      const value = await read();
      if (value === undefined) return { place, unknown: "hidden" };
      if (value === "") return { place, unknown: "empty" };
      const found = asked.get(value) ?? whose(value, at);
      asked.set(value, found);
      const token = await found;
      return token === undefined ? { place, unknown: "dead" } : { place, tokenId: token.id };
    } catch (error) {
      return { place, unknown: { because: messageOf(error) } };
    }
  });
  const met = await Promise.all([...asked.values()].map((found) => found.catch(() => undefined)));
  return { places: held, met: met.filter((token) => token !== undefined) };
}

/** The token of a value; nothing when it does not work. */
async function whose(value: string, at: Servers): Promise<Token | undefined> {
  // What no header can carry is no token.
  if (!/^[\x21-\x7e]+$/.test(value)) return undefined;
  try {
    return await ownToken(at.gitlab().withToken(value));
  } catch (error) {
    if (error instanceof Unauthorized) return undefined;
    throw error;
  }
}

async function itemValue(
  { vault: name, item: title, newItem, field, section }: ItemDeclaration,
  at: Servers,
): Promise<string> {
  const vaults = at.vaults();
  const vault = await vaults.findVault(name);
  const item = await findItem(vaults, vault, title ?? newItem ?? "");
  return findField(item, newItem === undefined ? field : "credential", section)?.value ?? "";
}

async function variableValue(
  { key, environmentScope, ...owner }: VariableDeclaration,
  at: Servers,
): Promise<string | undefined> {
  return (await getVariable(at.gitlab(), ownerOf(owner), key, environmentScope)).value;
}

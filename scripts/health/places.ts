import type { Owner } from "../../providers/gitlab/api/owner";
import { ownToken } from "../../providers/gitlab/api/tokens";
import { getVariable } from "../../providers/gitlab/api/variables";
import { Unauthorized } from "../../providers/http";
import { findField, findItem } from "../../providers/onepassword/lookup";
import { messageOf } from "../../providers/runbook/faults";
import type { Servers } from "../../providers/runbook/servers";
import type { AccountDeclaration, ItemDeclaration, VariableDeclaration } from "../../rotation/declaration";
import type { HeldPlace } from "../../rotation/health";
import { itemText, variableText } from "../../rotation/places";
import { each } from "../command";

type Found = Omit<HeldPlace, "place">;

/**
 * What the declared places of an account hold. Whose a value is, only GitLab can tell: it is asked once for each value, as
 * the token itself, which counts as its use.
 */
export async function heldPlaces(declaration: AccountDeclaration, at: Servers): Promise<HeldPlace[]> {
  const asked = new Map<string, Promise<Found>>();
  const places = [
    ...declaration.onePassword.map((item) => ({ place: itemText(item), read: () => itemValue(item, at) })),
    ...declaration.variables.map((one) => ({ place: variableText(one), read: () => variableValue(one, at) })),
  ];
  return each(places, async ({ place, read }) => {
    try {
      const value = await read();
      if (value === undefined) return { place, unknown: "hidden" };
      if (value === "") return { place, unknown: "empty" };
      const found = asked.get(value) ?? whose(value, at);
      asked.set(value, found);
      return { place, ...(await found) };
    } catch (error) {
      return { place, unknown: { because: messageOf(error) } };
    }
  });
}

async function whose(value: string, at: Servers): Promise<Found> {
  // What no header can carry is no token.
  if (!/^[\x21-\x7e]+$/.test(value)) return { unknown: "dead" };
  try {
    return { tokenId: (await ownToken(at.gitlab().withToken(value))).id };
  } catch (error) {
    if (error instanceof Unauthorized) return { unknown: "dead" };
    throw error;
  }
}

async function itemValue(
  { vault: name, item: title, newItem, field, section }: ItemDeclaration,
  at: Servers,
): Promise<string> {
  const vaults = at.vaults();
  const vault = await at.remember(`vault ${name}`, () => vaults.findVault(name));
  const item = await findItem(vaults, vault, title ?? newItem ?? "");
  return findField(item, newItem === undefined ? field : "credential", section)?.value ?? "";
}

async function variableValue(
  { project, group, key, environmentScope }: VariableDeclaration,
  at: Servers,
): Promise<string | undefined> {
  const owner: Owner = project !== undefined ? { project } : group !== undefined ? { group } : { instance: true };
  return (await getVariable(at.gitlab(), owner, key, environmentScope)).value;
}

import { variableKey } from "../../sandbox/worlds/fleet";
import { dayOf, daysAfter } from "../time";
import type { AccountBlock, Declaration } from "./declaration";
import { handTokenOf, nameOf, projectOf, proofOf, shared, spareOf, usernameOf } from "./fleet";
import type { Edit } from "./steps";

/** What an edit is made with. */
export interface EditContext {
  /** The number of the account that a block is. */
  readonly numberOf: (block: AccountBlock) => number | undefined;
  /** The generation whose token is in use, where one is. */
  readonly currentOf: (block: AccountBlock) => string | undefined;
  /** What an account was declared as when it was declared last. */
  readonly lastOf: (at: number) => AccountBlock | undefined;
  readonly now: number;
}

/** The name of the account that shares another one's hand-made token. */
export const sharerOf = (at: number): string => `${nameOf(at)}s`;

/** The declaration after an edit; the same one where the edit has nothing to work on. */
export function edited(declaration: Declaration, edit: Edit, context: EditContext): Declaration {
  const { accounts } = declaration;
  const today = dayOf(context.now);
  const found = (at: number) => accounts.find((one) => context.numberOf(one) === at && one.name !== sharerOf(at));
  const change = (at: number, with_: (block: AccountBlock) => AccountBlock | undefined): Declaration => {
    const block = found(at);
    if (block === undefined) return declaration;
    return { ...declaration, accounts: accounts.flatMap((one) => (one === block ? (with_(one) ?? []) : one)) };
  };
  const rotation = (at: number, values: Partial<AccountBlock["rotation"]>) =>
    change(at, (one) => ({ ...one, rotation: { ...one.rotation, ...values } }));
  switch (edit.kind) {
    case "lifetime":
      return rotation(edit.at, { lifetimeDays: edit.days });
    case "cadence":
      return rotation(edit.at, { everyDays: edit.days });
    case "overlap":
      return rotation(edit.at, { overlapDays: edit.days });
    case "proof":
      return change(edit.at, (one) => ({ ...one, proof: proofOf(edit) }));
    case "username":
      return change(edit.at, (one) => ({
        ...one,
        account: { ...one.account, username: edit.wrong ? `${usernameOf(edit.at)}-gone` : usernameOf(edit.at) },
      }));
    case "removal":
      return change(edit.at, (one) => ({ ...one, onRemoval: edit.does }));
    case "decommission":
      return change(edit.at, (one) => ({ ...one, decommission: { reason: "no longer needed" } }));
    case "remove":
      return change(edit.at, () => undefined);
    case "claim":
      return change(edit.at, (one) => ({ ...one, name: edit.to, formerly: edit.formerly }));
    case "rename":
      return change(edit.at, ({ formerly: _, ...one }) => ({
        ...one,
        name: edit.to,
        ...(edit.tells ? { formerly: one.name } : {}),
      }));
    case "sections":
      return change(edit.at, (one) => {
        const [first] = one.onePassword;
        if (first === undefined) return one;
        return { ...one, onePassword: edit.on ? [first, { ...first, section: "Copy" }] : [first] };
      });
    case "compromised":
      return change(edit.at, (one) => {
        const generation = context.currentOf(one);
        if (generation === undefined) return one;
        const leak = { generation, reason: "pasted into a chat", on: today };
        return { ...one, compromised: [...(one.compromised ?? []), leak] };
      });
    case "freeze": {
      const freeze = { from: daysAfter(today, edit.fromDays), to: daysAfter(today, edit.toDays) };
      return { ...declaration, freezes: [...declaration.freezes, freeze] };
    }
    case "thaw":
      return { ...declaration, freezes: declaration.freezes.slice(0, -1) };
    case "move":
      return moved(declaration, found(edit.at), found(edit.to));
    case "return": {
      const last = context.lastOf(edit.at);
      if (last === undefined || found(edit.at) !== undefined) return declaration;
      return { ...declaration, accounts: [...accounts, last] };
    }
    case "unshare":
      return { ...declaration, accounts: accounts.filter(({ name }) => name !== sharerOf(edit.at)) };
    case "share":
      return sharing(declaration, edit, found(edit.at), context);
  }
}

function moved(declaration: Declaration, from?: AccountBlock, to?: AccountBlock): Declaration {
  const variable = from?.variables.find(({ project }) => project === shared);
  if (from === undefined || to === undefined || from === to || variable === undefined) return declaration;
  const accounts = declaration.accounts.map((one) => {
    if (one === from) return { ...one, variables: one.variables.filter((other) => other !== variable) };
    return one === to ? { ...one, variables: [...one.variables, variable] } : one;
  });
  return { ...declaration, accounts };
}

/** A second account of the same user, which adopts the same hand-made token for its own variable. */
function sharing(
  declaration: Declaration,
  { at, startsIn }: Edit & { kind: "share" },
  there: AccountBlock | undefined,
  { now }: EditContext,
): Declaration {
  const isThere = declaration.accounts.some(({ name }) => name === sharerOf(at));
  if (there?.adopt === undefined || isThere) return declaration;
  const today = dayOf(now);
  const { formerly: _, ...rest } = there;
  const spare = there.variables.find(({ project }) => project === shared);
  const second: AccountBlock = {
    ...rest,
    name: sharerOf(at),
    token: { ...there.token, name: sharerOf(at) },
    rotation: { ...there.rotation, startsOn: daysAfter(today, startsIn) },
    adopt: { ...there.adopt, tokenId: handTokenOf(at) },
    onePassword: [],
    variables: [spare ?? { project: shared, key: spareOf(at) }],
    proof: [],
  };
  const first = { ...there, variables: [{ project: projectOf(at), key: variableKey }] };
  const accounts = declaration.accounts.map((one) => (one === there ? first : one));
  return { ...declaration, accounts: [...accounts, second] };
}

import { type Day, show } from "../../ground/day";
import { type Generation, generations, holdEnds } from "../../rotation/calendar/generations";
import type { AccountDeclaration, Settings } from "../../rotation/declaration/settings";
import { currentOf } from "../../rotation/plan/effects";
import { type Edit, EditError } from "./edit";

/**
 * Refuses a change that can be written but would do nothing, or not what it says.
 *
 * @throws {@link EditError} saying why.
 */
export function refuse(edit: Edit, before: Settings, after: Settings, today: Day): void {
  const was = before.accounts.find(({ name }) => name === edit.account);
  if (was === undefined) return;
  const doing = `Account "${edit.account}"`;
  switch (edit.kind) {
    case "adopt":
    case "decommission":
    case "migrate":
    case "release-hold":
      return;
    case "extra-date": {
      const isKnown = was.rotation.extraDates.some(({ date }) => date === edit.date);
      if (edit.date >= today || isKnown) return;
      throw new EditError(`${doing}: ${show(edit.date)} has passed. Write today, ${today}, or a later day.`);
    }
    case "retry": {
      if (was.proof.length === 0)
        throw new EditError(`${doing}: it declares no "proof", so there is none that could have given up.`);
      if (currentOf(generations(was, before.freezes, today))?.name === edit.generation) return;
      throw new EditError(
        `${doing}: generation "${edit.generation}" is not the current one, so nothing tries it; ${there(was, before, today)}.`,
      );
    }
    case "hold":
      refuseHold(edit.generation, was, before, today);
      return;
    case "compromise": {
      const now = after.accounts.find(({ name }) => name === edit.account) ?? was;
      const found = living(now, after, today).find(({ name }) => name === edit.generation);
      if (found !== undefined) return;
      throw new EditError(
        `${doing}: generation "${edit.generation}" has no token that lives on ${today}; ${there(was, before, today)}.`,
      );
    }
  }
}

function refuseHold(generation: string, account: AccountDeclaration, settings: Settings, today: Day): void {
  const doing = `Holding account "${account.name}" at generation "${generation}"`;
  const found = living(account, settings, today).find(({ name }) => name === generation);
  if (found === undefined)
    throw new EditError(`${doing}: it has no token that lives on ${today}; ${there(account, settings, today)}.`);
  if (found.lifecycle === "retired")
    throw new EditError(`${doing}: its token is to be retired since ${show(found.retireOn)}, and may be dead.`);
  const ends = holdEnds(account, found.expiresAt);
  if (ends <= today)
    throw new EditError(`${doing}: a hold of it ends on ${show(ends)}, before its token dies, so it would do nothing.`);
}

function living(account: AccountDeclaration, { freezes }: Settings, today: Day): readonly Generation[] {
  return generations(account, freezes, today).filter(({ expiresAt }) => today < expiresAt);
}

function there(account: AccountDeclaration, settings: Settings, today: Day): string {
  const names = living(account, settings, today).map(({ name }) => name);
  return names.length === 0 ? "none does" : `those are ${names.join(", ")}`;
}

import type { Token } from "../../../clients/gitlab/users/tokens";
import type { Retire } from "../../../contract/retirement";
import { addDays, now } from "../../../ground/now";

/** How much shorter than its days an overlap may be, in milliseconds: one proven at night is not over a minute later. */
const SHORTER = 12 * 3_600_000;

/** Why a token may not be revoked yet, as far as the dates tell; undefined when it is time to look. */
export function holdByDates(retire: Retire | undefined, day: string): string | undefined {
  if (retire === undefined) return "no successor is declared";
  const { successor, overlapDays } = retire;
  if (successor.provedAt === undefined) return `its successor, generation "${successor.generation}", is not proven yet`;
  const due = addDays(successor.provedAt.slice(0, 10), overlapDays);
  if (day >= due) return undefined;
  return `both tokens live on until ${due}, ${overlapDays} days after generation "${successor.generation}" was proven`;
}

/** The same, to the hour: days alone would end an overlap of one day at the next midnight. */
export function holdByHours({ successor, overlapDays }: Retire): string | undefined {
  const due = new Date(Date.parse(successor.provedAt ?? "") + overlapDays * 86_400_000 - SHORTER);
  if (overlapDays === 0 || now() >= due) return undefined;
  return `both tokens live on until ${due.toISOString()}: generation "${successor.generation}" was proven at ${successor.provedAt}`;
}

/** Why a token may not be revoked yet because somebody used it. Our own tests of its successor do not count as its use. */
export function holdByUse({ lastUsedAt }: Token, { quietHours = 0, external = [] }: Retire): string | undefined {
  if (lastUsedAt === undefined || quietHours === 0) return undefined;
  const quietFrom = Date.parse(lastUsedAt) + quietHours * 3_600_000;
  if (now().getTime() >= quietFrom) return undefined;
  const asked = external.map(({ name, owner }) => `${owner} (${name})`).join(", ");
  const next = asked === "" ? "Find who uses it" : `Ask ${asked}, or find who else uses it`;
  return `it was last used at ${lastUsedAt}; it is revoked when it was unused for ${quietHours} hours. ${next}, and hand over the new one`;
}

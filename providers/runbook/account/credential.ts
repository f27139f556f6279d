import { messageOf } from "../../../clients/faults";
import { isGranular } from "../../../clients/gitlab/users/granular";
import { ownToken, type Token } from "../../../clients/gitlab/users/tokens";
import { transportFaults, Unauthorized } from "../../../clients/http";
import type { Servers } from "../../../clients/servers";
import { now, today } from "../../../ground/now";
import type { Log } from "../../host/provider";

/** Our own GitLab credential: looked up once for each run. */
export function ownCredential(at: Servers): Promise<Token> {
  return at.remember("own credential", () => ownToken(at.gitlab()));
}

/** What our clock and GitLab's may differ by, in milliseconds. */
const TOLERANCE = 3_600_000;

/** What speaks against our clock, by GitLab's last answer: a wrong one would open and retire on wrong days. */
export function clockFault(at: Servers): string | undefined {
  const { ahead } = at.gitlab();
  if (Math.abs(ahead) < TOLERANCE) return undefined;
  const hours = Math.round(Math.abs(ahead) / 3_600_000);
  return `the clock of this machine is ${hours} ${hours === 1 ? "hour" : "hours"} ${ahead > 0 ? "ahead of" : "behind"} GitLab's: set it right, and run again`;
}

/** What speaks against our own credential for a step that takes so long; undefined when nothing does. */
export async function credentialFault(at: Servers, minutes: number): Promise<string | undefined> {
  try {
    const { scopes, expiresAt, active } = await ownCredential(at);
    if (!active) return `the token in "GITLAB_TOKEN" is not active: set a live one`;
    if (!scopes.includes("api") && !isGranular({ scopes }))
      return `the token in "GITLAB_TOKEN" has the scope ${scopes.map((scope) => `"${scope}"`).join(", ")}; it takes "api": set one that has it`;
    const end = now().getTime() + minutes * 60_000;
    if (expiresAt !== undefined && Date.parse(expiresAt) <= end)
      return `the token in "GITLAB_TOKEN" dies on ${expiresAt} at 00:00 UTC, before this run could be over: set one that lives longer`;
    return clockFault(at);
  } catch (error) {
    if (error instanceof Unauthorized)
      return `the token in "GITLAB_TOKEN" is not accepted (${error.serverMessage ?? "401"}): set a live one of this GitLab`;
    return messageOf(error);
  }
}

/** Days before its expiry from which our own credential is told as ending. */
const ENDS_SOON = 30;

/** Warns once in a run that our own credential dies soon. Asks nothing: it was looked up for the step. */
export function tellExpiry(at: Servers, log: Log): Promise<void> {
  return at.remember("expiry of our own credential", async () => {
    const { expiresAt } = await ownCredential(at);
    if (expiresAt === undefined) return;
    const left = Math.round((Date.parse(expiresAt) - Date.parse(today())) / 86_400_000);
    if (left > ENDS_SOON) return;
    log.warn(
      `the token in "GITLAB_TOKEN", with which this run itself works, dies on ${expiresAt}, in ${left} ${left === 1 ? "day" : "days"}: replace it in time, docs/credential.md tells how`,
    );
  });
}

/** Warns once in a run that what passes between us and the servers can be read or changed. Asks nothing. */
export function tellTransport(at: Servers, log: Log): Promise<void> {
  return at.remember("the way to the servers", async () => {
    for (const fault of transportFaults()) log.warn(fault);
  });
}

/** Whether a token is the one that this run itself works with. GitLab is asked only where its value is not known. */
export async function isOwnCredential(
  token: { readonly id: number; readonly value?: string | undefined },
  at: Servers,
): Promise<boolean> {
  if (token.value !== undefined) return at.gitlab().uses(token.value);
  return (await ownCredential(at)).id === token.id;
}

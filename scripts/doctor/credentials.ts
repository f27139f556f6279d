import { type Access, findAccess, type Namespace, roleName } from "../../providers/gitlab/api/access";
import { ownerTitle } from "../../providers/gitlab/api/owner";
import { ownToken } from "../../providers/gitlab/api/tokens";
import { ownUser, type User } from "../../providers/gitlab/api/users";
import { getVersion, type Version } from "../../providers/gitlab/api/version";
import { isSandbox, today } from "../../providers/host/clock";
import { AmbiguousCredential, Forbidden, MissingCredential, transportFaults } from "../../providers/http";
import { clockFault } from "../../providers/runbook/credential";
import { isDenied, isTrouble, messageOf } from "../../providers/runbook/faults";
import type { Servers } from "../../providers/runbook/servers";
import { credentialEndsSoon } from "../../rotation/credential";
import { days, daysBetween, show } from "../../rotation/day";
import { each } from "../command";
import type { Finding, Verdict } from "./finding";

/** One of our own credentials. */
export interface Credential {
  /** The environment variable that holds it. */
  readonly variable: string;
  readonly verdict: Verdict;
  readonly whose: string;
  /** What it may do, as far as that is told. */
  readonly may: readonly string[];
  /** The day on which it dies; absent when it never does, or nobody tells. */
  readonly expiresAt?: string;
}

/** Our credential for GitLab, and what was found with it. */
export interface GitLabCredential {
  readonly credential: Credential;
  readonly findings: readonly Finding[];
  /** Absent when GitLab did not answer, or does not know us: then nothing else need be asked of it. */
  readonly user?: User;
  readonly version?: Version;
  /** Its scopes are wide enough to write. */
  readonly mayWrite: boolean;
  /** Our access to the places that were asked for, by title. */
  readonly access: ReadonlyMap<string, Access | undefined>;
}

const gitlabToken = "GITLAB_TOKEN";

/** Looks our GitLab credential up: whose it is, its scopes, its roles in some places, its expiry, GitLab's version. */
export async function gitlabCredential(places: readonly Namespace[], at: Servers): Promise<GitLabCredential> {
  const none = { variable: gitlabToken, whose: "", may: [] };
  try {
    const gitlab = at.gitlab();
    const token = await ownToken(gitlab);
    const user = await ownUser(gitlab).catch((error: unknown) => {
      // A token without a scope that reads knows its own id all the same.
      if (error instanceof Forbidden) return undefined;
      throw error;
    });
    const [version, ...accesses] =
      user === undefined || !token.scopes.some((scope) => /^(read_)?api$/.test(scope))
        ? [undefined]
        : await Promise.all([
            getVersion(gitlab),
            ...(await each(
              places,
              async (place) => [ownerTitle(place), await findAccess(gitlab, place, user.id)] as const,
            )),
          ]);
    const access = new Map(accesses);
    const about = gitlabToken;
    const mayWrite = token.scopes.includes("api");
    const clock = clockFault(at);
    const findings: Finding[] = [
      ...(mayWrite
        ? []
        : [missing(about, `its scopes are ${token.scopes.join(", ")}; a run takes "api". Make one that has it.`)]),
      ...expiryFindings(about, token.expiresAt),
      ...(clock === undefined ? [] : [missing(about, `${clock}.`)]),
    ];
    const administrator = user?.administrator === true ? ["administrator"] : [];
    return {
      credential: {
        variable: gitlabToken,
        verdict: findings.some(({ verdict }) => verdict === "missing") ? "missing" : "fine",
        whose:
          user === undefined
            ? `user ${token.userId}`
            : `${user.username} (${user.name})${user.bot ? ", a service account" : ""}`,
        may: [`scopes ${token.scopes.join(", ")}`, ...administrator, ...rolesOf(access)],
        ...(token.expiresAt === undefined ? {} : { expiresAt: token.expiresAt }),
      },
      findings,
      ...(user === undefined ? {} : { user }),
      ...(version === undefined ? {} : { version }),
      mayWrite,
      access,
    };
  } catch (error) {
    if (!(error instanceof MissingCredential) && !isDenied(error) && !isTrouble(error)) throw error;
    const verdict = isTrouble(error) ? "unknown" : "missing";
    const remedy = isDenied(error) ? ` Set a live token of this GitLab in "${gitlabToken}".` : "";
    const finding: Finding = { verdict, about: gitlabToken, message: `${messageOf(error)}.${remedy}` };
    return { credential: { ...none, verdict }, findings: [finding], mayWrite: false, access: new Map() };
  }
}

/** Our roles, with the places that we have each in. */
function rolesOf(access: ReadonlyMap<string, Access | undefined>): string[] {
  const places = new Map<string, string[]>();
  for (const [title, found] of access) {
    const role = found === undefined ? "no member" : roleName(found.level);
    places.set(role, [...(places.get(role) ?? []), title]);
  }
  return [...places].map(([role, titles]) => `${role} of ${titles.join(", ")}`);
}

function missing(about: string, message: string): Finding {
  return { verdict: "missing", about, message };
}

function expiryFindings(about: string, expiresAt: string | undefined): Finding[] {
  if (expiresAt === undefined) return [];
  const left = daysBetween(today(), expiresAt);
  if (left > credentialEndsSoon) return [];
  const message = `it dies on ${show(expiresAt)}, in ${days(left)}: replace it in time (docs/credential.md).`;
  return [{ verdict: left <= 1 ? "missing" : "warning", about, message }];
}

/** Our credential for 1Password, and what was found with it. */
export interface OnePasswordCredential {
  readonly credential: Credential;
  readonly findings: readonly Finding[];
  /** Otherwise nothing else need be asked of it now. */
  readonly answers: boolean;
}

/** Our credential for 1Password, with what it sees of the vaults that are declared. */
export async function onePasswordCredential(
  vaultNames: readonly string[],
  at: Servers,
  env: NodeJS.ProcessEnv,
): Promise<OnePasswordCredential> {
  const variable = env.OP_SERVICE_ACCOUNT_TOKEN ? "OP_SERVICE_ACCOUNT_TOKEN" : "OP_CONNECT_TOKEN";
  const expiresAt = expiryOf(env[variable]);
  const seen: string[] = [];
  const findings: Finding[] = [...expiryFindings(variable, expiresAt)];
  for (const name of vaultNames) {
    try {
      const vault = await at.vaults().findVault(name);
      seen.push(`sees vault ${vault.name}`);
    } catch (error) {
      findings.push({
        verdict: isTrouble(error) ? "unknown" : "missing",
        about: variable,
        message: `${messageOf(error)}.`,
      });
      if (error instanceof MissingCredential || error instanceof AmbiguousCredential || isTrouble(error)) break;
    }
  }
  const isSet = env[variable] !== undefined && env[variable] !== "";
  const verdicts = findings.map(({ verdict }) => verdict);
  return {
    credential: {
      variable,
      verdict: verdicts.includes("missing") ? "missing" : verdicts.includes("unknown") ? "unknown" : "fine",
      whose: isSet ? "1Password does not tell" : "",
      may: seen.length === 0 ? [] : [...seen, "whether it may write is not told"],
      ...(expiresAt === undefined ? {} : { expiresAt }),
    },
    findings,
    answers: !verdicts.includes("unknown"),
  };
}

/** The expiry that a signed token (JWT) bears in itself, as Connect's do when they were made with one. */
function expiryOf(token: string | undefined): string | undefined {
  const payload = token?.split(".")[1];
  if (payload === undefined) return undefined;
  try {
    const { exp } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { exp?: unknown };
    return typeof exp === "number" ? new Date(exp * 1000).toISOString().slice(0, 10) : undefined;
  } catch {
    // It is no such token, or none at all.
    return undefined;
  }
}

/** What speaks against the environment itself: a sandbox, a pretended day, an address without TLS. */
export function environmentFindings(env: NodeJS.ProcessEnv): Finding[] {
  const { PAT_ROTATION_AS_OF: asOf = "" } = env;
  const about = "the environment";
  const warnings: string[] = [];
  if (isSandbox(env))
    warnings.push(`GITLAB_BASE_URL is on this machine: this is a sandbox, and says nothing of any other GitLab.`);
  warnings.push(...transportFaults(env).map((fault) => `${fault}.`));
  if (asOf !== "")
    warnings.push(`PAT_ROTATION_AS_OF is set to ${asOf}: an update of anything but a sandbox refuses that.`);
  return warnings.map((message) => ({ verdict: "warning", about, message }));
}

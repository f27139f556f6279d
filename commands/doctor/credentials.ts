import { isDenied, isTrouble, messageOf } from "../../clients/faults";
import type { GitLab } from "../../clients/gitlab/client";
import { ownerTitle } from "../../clients/gitlab/owner";
import { type Access, findAccess, type Namespace, roleName } from "../../clients/gitlab/users/access";
import { isGranular } from "../../clients/gitlab/users/granular";
import { ownTokenInFull, type Token } from "../../clients/gitlab/users/tokens";
import { ownUser, type User } from "../../clients/gitlab/users/users";
import { getVersion, type Version } from "../../clients/gitlab/version";
import {
  AmbiguousCredential,
  Forbidden,
  MissingCredential,
  StrangeAnswer,
  transportFaults,
  UnusableEnvironment,
} from "../../clients/http";
import { given } from "../../clients/openbao/client";
import { ownBaoToken } from "../../clients/openbao/secrets";
import type { Servers } from "../../clients/servers";
import { days, daysBetween, show } from "../../ground/day";
import { isSandbox, today } from "../../ground/now";
import type { DeclaredPlaces, Setting } from "../../places/declared";
import { clockFault, ownCredential } from "../../providers/runbook/account/credential";
import { credentialEndsSoon } from "../../rotation/health/credential";
import { permissionTexts, type TokenPermissions } from "../../rotation/permissions/permissions";
import { each } from "../command";

import { findPermissions } from "../inventory/permissions";

import { type Finding, gravest, type Verdict } from "./finding";

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
  /** It is no fine-grained one. */
  readonly legacy: boolean;
  /** Its scopes are wide enough to write. */
  readonly mayWrite: boolean;
  /** What it is permitted, where it is fine-grained and GitLab tells. */
  readonly permissions?: readonly TokenPermissions[];
  /** Our access to the places that were asked for, by title. */
  readonly access: ReadonlyMap<string, Access | undefined>;
}

const gitlabToken = "GITLAB_TOKEN";

/** Looks our GitLab credential up: whose it is, its scopes, its roles in some places, its expiry, GitLab's version. */
export async function gitlabCredential(places: readonly Namespace[], at: Servers): Promise<GitLabCredential> {
  const none = { variable: gitlabToken, whose: "", may: [] };
  try {
    const gitlab = at.gitlab();
    const token = await ownTokenInFull(gitlab, ownCredential(at));
    const permissions = await ownPermissions(gitlab, token);
    const isFine = isGranular(token);
    const user = await ownUser(gitlab).catch((error: unknown) => {
      // A token without a scope that reads knows its own id all the same.
      if (error instanceof Forbidden) return undefined;
      throw error;
    });
    const [version, ...accesses] =
      user === undefined || !token.scopes.some((scope) => /^((read_)?api|granular)$/.test(scope))
        ? [undefined]
        : await Promise.all([
            // A fine-grained credential may be permitted less than that.
            getVersion(gitlab).catch((error: unknown) => (isFine ? undefined : Promise.reject(error))),
            ...(await each(
              places,
              async (place) => [ownerTitle(place), await accessTo(gitlab, place, user.id, isFine)] as const,
            )),
          ]);
    const access = new Map(accesses);
    const about = gitlabToken;
    const mayWrite = token.scopes.includes("api") || isFine;
    const clock = clockFault(at);
    const findings: Finding[] = [
      ...(mayWrite
        ? []
        : [missing(about, `its scopes are ${token.scopes.join(", ")}; a run takes "api". Make one that has it.`)]),
      ...(isFine && permissions === undefined
        ? [
            missing(
              about,
              "it is fine-grained, and GitLab does not tell what it may do (it does from 19.2 on): what is missing cannot be said.",
            ),
          ]
        : []),
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
        may: [
          ...(permissions === undefined ? [`scopes ${token.scopes.join(", ")}`] : permissionTexts(permissions)),
          ...administrator,
          ...rolesOf(access),
        ],
        ...(token.expiresAt === undefined ? {} : { expiresAt: token.expiresAt }),
      },
      findings,
      ...(user === undefined ? {} : { user }),
      ...(version === undefined ? {} : { version }),
      ...(permissions === undefined ? {} : { permissions }),
      legacy: !isFine,
      mayWrite,
      access,
    };
  } catch (error) {
    const verdict = verdictOf(error);
    if (verdict === undefined) throw error;
    const remedy = isDenied(error) ? ` Set a live token of this GitLab in "${gitlabToken}".` : "";
    const finding: Finding = { verdict, about: gitlabToken, message: `${messageOf(error)}.${remedy}` };
    return { credential: { ...none, verdict }, findings: [finding], legacy: false, mayWrite: false, access: new Map() };
  }
}

/** Undefined for a legacy one, and where GitLab does not tell. */
async function ownPermissions(gitlab: GitLab, token: Token): Promise<readonly TokenPermissions[] | undefined> {
  if (token.granularScopes === undefined) return undefined;
  return (await findPermissions(gitlab, token))?.all;
}

/** A fine-grained credential may not be permitted to see who is a member: then its roles are not known. */
function accessTo(gitlab: GitLab, place: Namespace, userId: number, isFine: boolean): Promise<Access | undefined> {
  return findAccess(gitlab, place, userId).catch((error: unknown) => {
    if (isFine && error instanceof Forbidden) return undefined;
    throw error;
  });
}

/** What an error says of a credential: nothing where it is none of a server's answers. */
function verdictOf(error: unknown): "missing" | "refused" | "unknown" | undefined {
  if (error instanceof MissingCredential || error instanceof UnusableEnvironment) return "missing";
  if (isDenied(error)) return "refused";
  // A page in place of an answer comes from somebody in between.
  return isTrouble(error) || error instanceof StrangeAnswer ? "unknown" : undefined;
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

/** Our credential for the servers of a kind of place, and what was found with it. */
export interface StoreCredential {
  readonly credential: Credential;
  readonly findings: readonly Finding[];
  /** Otherwise nothing else need be asked of it now. */
  readonly answers: boolean;
}

/** Those of all kinds that the accounts declare, by their settings; GitLab's own is not among them. */
export type StoreCredentials = ReadonlyMap<Setting, StoreCredential>;

/** Looks at the credential for each kind of place that has one of its own. */
export async function storeCredentials(
  declarations: readonly DeclaredPlaces[],
  at: Servers,
  env: NodeJS.ProcessEnv,
): Promise<StoreCredentials> {
  const vaults = new Set(declarations.flatMap((one) => one.onePassword.map(({ vault }) => vault)));
  const secrets = declarations.flatMap((one) => one.openBao);
  return new Map<Setting, StoreCredential>([
    ["onePassword", await onePasswordCredential([...vaults], at, env)],
    // Who has none of its secrets is told nothing of OpenBao.
    ...(secrets.length === 0 ? [] : [["openBao", await openBaoCredential(at, env)] as const]),
  ]);
}

/** Our credential for 1Password, with what it sees of the vaults that are declared. */
async function onePasswordCredential(
  vaultNames: readonly string[],
  at: Servers,
  env: NodeJS.ProcessEnv,
): Promise<StoreCredential> {
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
        verdict: verdictOf(error) ?? "missing",
        about: variable,
        message: `${messageOf(error)}.`,
      });
      if (error instanceof AmbiguousCredential || verdictOf(error) !== undefined) break;
    }
  }
  const isSet = env[variable] !== undefined && env[variable] !== "";
  const verdicts = findings.map(({ verdict }) => verdict);
  return {
    credential: {
      variable,
      verdict: gravest(verdicts.filter((verdict) => verdict !== "warning")),
      whose: isSet ? "1Password does not tell" : "",
      may: seen.length === 0 ? [] : [...seen, "whether it may write is not told"],
      ...(expiresAt === undefined ? {} : { expiresAt }),
    },
    findings,
    answers: !verdicts.includes("unknown") && !verdicts.includes("refused"),
  };
}

/** Our credential for OpenBao or Vault: whose it is, and how long it lives. */
async function openBaoCredential(at: Servers, env: NodeJS.ProcessEnv): Promise<StoreCredential> {
  const [variable] = given("token", env) ?? ["BAO_TOKEN"];
  try {
    const { name, policies, expiresAt } = await ownBaoToken(at.openBao());
    const day = expiresAt?.slice(0, 10);
    const findings = expiryFindings(variable, day);
    const may = [`has the policies ${policies.join(", ")}`];
    const credential: Credential = {
      variable,
      verdict: gravest(findings.map(({ verdict }) => verdict).filter((verdict) => verdict !== "warning")),
      whose: name,
      may,
      ...(day === undefined ? {} : { expiresAt: day }),
    };
    return { credential, findings, answers: true };
  } catch (error) {
    // A token may be kept from asking about itself, and still do all that it is for.
    const verdict = error instanceof Forbidden ? "unknown" : (verdictOf(error) ?? "missing");
    const finding: Finding = { verdict, about: variable, message: `${messageOf(error)}.` };
    return { credential: { variable, verdict, whose: "", may: [] }, findings: [finding], answers: false };
  }
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
    warnings.push(
      `PAT_ROTATION_AS_OF is set to ${asOf}: an update of anything but a sandbox refuses that${isSandbox(env) ? "" : ", and here it is passed over"}.`,
    );
  return warnings.map((message) => ({ verdict: "warning", about, message }));
}

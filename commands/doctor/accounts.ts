import { ownerTitle } from "../../clients/gitlab/owner";
import { type Access, accessLevels, type Namespace } from "../../clients/gitlab/users/access";
import type { Servers } from "../../clients/servers";
import type { DeclaredAccount } from "../../contract/run";
import { show } from "../../ground/day";
import { today } from "../../ground/now";
import { placesOf as declaredPlaces, kinds, type Setting, settings, targetsOf } from "../../places/declared";
import { missingPlaces, placeFaults } from "../../places/served";
import { absentJobs } from "../../providers/runbook/preflight/absentJobs";
import { type Lifetime, lifetime } from "../../providers/runbook/preflight/lifetime";
import { outranking } from "../../providers/runbook/preflight/outranking";
import { pipelineFaults } from "../../providers/runbook/preflight/pipelineFaults";
import { findAccount, movedFaults } from "../../providers/runbook/preflight/preflight";
import { scopeFaults } from "../../providers/runbook/preflight/scopes";
import { firstRotation } from "../../rotation/calendar/generations";
import type { AccountDeclaration, Settings } from "../../rotation/declaration/declaration";
import { missingPermissions } from "../../rotation/permissions/least";
import type { GitLabCredential, StoreCredentials } from "./credentials";
import type { Finding, Verdict } from "./finding";

/** Whether our credentials are enough for an account. */
export interface AccountDiagnosis {
  readonly stack: string;
  readonly account: string;
  /** The account is there, and tokens may be minted for it. */
  readonly mint: Verdict;
  /** The declared variables may be written. */
  readonly variables: Verdict;
  /** The declared pipelines may be started, and see the variables. */
  readonly pipelines: Verdict;
  /** The declared vaults and items are there. */
  readonly vaults: Verdict;
}

/** Every group and project in which our GitLab credential needs a role for these accounts. */
export function placesOf(accounts: readonly AccountDeclaration[]): Namespace[] {
  const all = accounts.flatMap(({ account, variables, proof, issue }) =>
    [account, ...variables, ...proof, ...(issue === undefined ? [] : [issue])].flatMap((one): Namespace[] => {
      const { group, project }: { readonly group?: string; readonly project?: string } = one;
      if (group !== undefined) return [{ group }];
      return project === undefined ? [] : [{ project }];
    }),
  );
  return [...new Map(all.map((place) => [ownerTitle(place), place])).values()];
}

/**
 * Tries, without writing, what a rotation of the account would need. What a run says of it is said in the same words.
 *
 * @param settings - those of its stack: two of its accounts must not store their tokens in one place.
 */
export async function diagnose(
  stack: string,
  declaration: AccountDeclaration,
  { accounts: together, freezes }: Pick<Settings, "accounts" | "freezes">,
  { gitlab: own, stores }: { readonly gitlab: GitLabCredential; readonly stores: StoreCredentials },
  at: Servers,
): Promise<{ readonly diagnosis: AccountDiagnosis; readonly findings: readonly Finding[] }> {
  const { name, account: user, variables, proof: pipelines } = declaration;
  const isAsked = own.user !== undefined;
  const answers = (setting: Setting) => stores.get(setting)?.answers === true;
  const targets = targetsOf(declaration);
  const around = { account: name, accounts: together.map(asOthersKnow) };
  const [account, ofVariables, ofPipelines, ofVaults, outranked, lives, absent] = await Promise.all([
    isAsked ? findAccount(user, at) : undefined,
    placeFaults(targets, around, at, (setting) => kinds[setting].isInJobs && isAsked),
    isAsked ? pipelineFaults({ pipelines, variables }, at) : [],
    placeFaults(targets, around, at, answers),
    isAsked ? outranking({ pipelines, variables }, at) : { faults: [], warnings: [] },
    isAsked ? lifetime(declaration.rotation.lifetimeDays, at) : ({ faults: [] } as Lifetime),
    isAsked ? absentJobs({ pipelines }, at) : [],
  ]);
  const yetToBeMade = ofVaults.length === 0 ? await notThereYet(declaration, freezes, at, answers) : [];
  const lacking =
    own.permissions === undefined
      ? []
      : missingPermissions(declaration, own.permissions).map(
          (text) => `the token in "GITLAB_TOKEN" is fine-grained and lacks ${text}`,
        );
  const projects = [user, ...variables, ...pipelines].map(({ project }: { readonly project?: string }) => project);
  const moved = isAsked ? await movedFaults(projects, at) : [];
  const accounts = typeof account === "string" ? [account] : [];
  const faults = {
    mint: [...accounts, ...lacking, ...scopeFaults(declaration.token), ...lives.faults, ...moved],
    variables: ofVariables,
    pipelines: [...ofPipelines, ...outranked.faults, ...(isAsked ? startFaults(declaration, own) : [])],
    vaults: ofVaults,
  };
  const ofGitLab = (found: readonly string[]): Verdict => {
    if (!isAsked) return "unknown";
    return found.length > 0 || !own.mayWrite ? "missing" : "fine";
  };
  const untold = lives.unknown === undefined ? [] : [`not known is ${lives.unknown}`];
  const inVaults = declaredPlaces(declaration).filter(({ isVault }) => isVault);
  const answered = inVaults.every(({ setting }) => answers(setting));
  const vaults = answered ? (faults.vaults.length === 0 ? "fine" : "missing") : "unknown";
  return {
    diagnosis: {
      stack,
      account: name,
      mint: ofGitLab(faults.mint),
      variables: variables.length === 0 ? "fine" : ofGitLab(faults.variables),
      pipelines: pipelines.length === 0 ? "fine" : ofGitLab(faults.pipelines),
      vaults: inVaults.length === 0 ? "fine" : vaults,
    },
    findings: [
      ...Object.values(faults)
        .flat()
        .map((fault): Finding => ({ verdict: "missing", about: name, message: `${fault.replace(/\.$/, "")}.` })),
      ...[...outranked.warnings, ...absent].map(
        (one): Finding => ({ verdict: "warning", about: name, message: `${one}.` }),
      ),
      ...[...yetToBeMade, ...untold].map((one): Finding => ({ verdict: "note", about: name, message: `${one}.` })),
    ],
  };
}

/** The places of its own that are not there yet, and when they are made. */
async function notThereYet(
  declaration: AccountDeclaration,
  freezes: Settings["freezes"],
  at: Servers,
  isAsked: (setting: Setting) => boolean,
): Promise<readonly string[]> {
  const date = firstRotation(declaration, freezes, today());
  const when = date < today() ? "the next run makes it" : `it is made with the first rotation, on ${show(date)}`;
  const all = settings.filter(isAsked).map((setting) => missingPlaces(declaration, setting, at));
  return (await Promise.all(all)).flat().map((what) => `${what}: ${when}`);
}

/** Starting a pipeline takes a role beside the right to see it. Rules of protected branches may ask for more. */
function startFaults({ proof }: AccountDeclaration, { access, permissions, user }: GitLabCredential): string[] {
  if (user?.administrator === true || permissions !== undefined) return [];
  const started = proof.filter(({ observed }) => observed !== true).map(({ project }) => project);
  return [...new Set(started)].flatMap((project) => {
    const found: Access | undefined = access.get(ownerTitle({ project }));
    if ((found?.level ?? 0) >= accessLevels.developer) return [];
    return [
      `pipelines of project "${project}" may not be started: give the user of "GITLAB_TOKEN" the role Developer there, or Maintainer where the branch is protected`,
    ];
  });
}

/** An account as others must know it: every place that it declares. */
function asOthersKnow(declaration: AccountDeclaration): DeclaredAccount {
  const { name, account } = declaration;
  const places = declaredPlaces(declaration).map(({ place }) => place);
  return { name, username: account.username, rotates: true, places };
}

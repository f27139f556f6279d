import { type Access, accessLevels, type Namespace } from "../../providers/gitlab/api/access";
import { ownerTitle } from "../../providers/gitlab/api/owner";
import { pipelineFaults } from "../../providers/runbook/pipelineFaults";
import { findAccount } from "../../providers/runbook/preflight";
import type { Servers } from "../../providers/runbook/servers";
import { itemFaults, variableFaults } from "../../providers/runbook/targetFaults";
import type { AccountDeclaration } from "../../rotation/declaration";
import type { GitLabCredential, OnePasswordCredential } from "./credentials";
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

/** Tries, without writing, what a rotation of the account would need. What a run says of it is said in the same words. */
export async function diagnose(
  stack: string,
  declaration: AccountDeclaration,
  { gitlab: own, onePassword }: { readonly gitlab: GitLabCredential; readonly onePassword: OnePasswordCredential },
  at: Servers,
): Promise<{ readonly diagnosis: AccountDiagnosis; readonly findings: readonly Finding[] }> {
  const { name, account: user, variables, proof: pipelines, onePassword: items } = declaration;
  const isAsked = own.user !== undefined;
  const [account, ofVariables, ofPipelines, ofItems] = await Promise.all([
    isAsked ? findAccount(user, at) : undefined,
    isAsked ? variableFaults({ variables }, at) : [],
    isAsked ? pipelineFaults({ pipelines, variables }, at) : [],
    onePassword.answers ? itemFaults({ items }, at) : [],
  ]);
  const faults = {
    mint: typeof account === "string" ? [account] : [],
    variables: ofVariables,
    pipelines: [...ofPipelines, ...(isAsked ? startFaults(declaration, own) : [])],
    vaults: ofItems,
  };
  const ofGitLab = (found: readonly string[]): Verdict => {
    if (!isAsked) return "unknown";
    return found.length > 0 || !own.mayWrite ? "missing" : "fine";
  };
  const ofVaults = onePassword.answers ? (faults.vaults.length === 0 ? "fine" : "missing") : "unknown";
  return {
    diagnosis: {
      stack,
      account: name,
      mint: ofGitLab(faults.mint),
      variables: variables.length === 0 ? "fine" : ofGitLab(faults.variables),
      pipelines: pipelines.length === 0 ? "fine" : ofGitLab(faults.pipelines),
      vaults: items.length === 0 ? "fine" : ofVaults,
    },
    findings: Object.values(faults)
      .flat()
      .map((fault) => ({ verdict: "missing", about: name, message: `${fault.replace(/\.$/, "")}.` })),
  };
}

/** Starting a pipeline takes a role beside the right to see it. Rules of protected branches may ask for more. */
function startFaults({ proof }: AccountDeclaration, { access, user }: GitLabCredential): string[] {
  if (user?.administrator === true) return [];
  const started = proof.filter(({ observed }) => observed !== true).map(({ project }) => project);
  return [...new Set(started)].flatMap((project) => {
    const found: Access | undefined = access.get(ownerTitle({ project }));
    if ((found?.level ?? 0) >= accessLevels.developer) return [];
    return [
      `pipelines of project "${project}" may not be started: give the user of "GITLAB_TOKEN" the role Developer there, or Maintainer where the branch is protected`,
    ];
  });
}

import { type Access, accessLevels, type Namespace } from "../../providers/gitlab/api/access";
import { ownerTitle } from "../../providers/gitlab/api/owner";
import type { AccountInputs } from "../../providers/runbook/accountInputs";
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
  fleet: string,
  declaration: AccountDeclaration,
  { gitlab: own, onePassword }: { readonly gitlab: GitLabCredential; readonly onePassword: OnePasswordCredential },
  at: Servers,
): Promise<{ readonly diagnosis: AccountDiagnosis; readonly findings: readonly Finding[] }> {
  const inputs = inputsOf(fleet, declaration);
  const isAsked = own.user !== undefined;
  const [account, variables, pipelines, items] = await Promise.all([
    isAsked ? findAccount(inputs, at) : undefined,
    isAsked ? variableFaults(inputs, at) : [],
    isAsked ? pipelineFaults(inputs, at) : [],
    onePassword.answers ? itemFaults(inputs, at) : [],
  ]);
  const starts = isAsked ? startFaults(declaration, own) : [];
  const faults = {
    mint: typeof account === "string" ? [account] : [],
    variables,
    pipelines: [...pipelines, ...starts],
    vaults: items,
  };
  const ofGitLab = (found: readonly string[]): Verdict => {
    if (!isAsked) return "unknown";
    return found.length > 0 || !own.mayWrite ? "missing" : "fine";
  };
  const ofVaults = onePassword.answers ? (items.length === 0 ? "fine" : "missing") : "unknown";
  return {
    diagnosis: {
      stack,
      account: declaration.name,
      mint: ofGitLab(faults.mint),
      variables: inputs.variables.length === 0 ? "fine" : ofGitLab(faults.variables),
      pipelines: inputs.pipelines.length === 0 ? "fine" : ofGitLab(faults.pipelines),
      vaults: inputs.items.length === 0 ? "fine" : ofVaults,
    },
    findings: Object.values(faults)
      .flat()
      .map((fault) => ({ verdict: "missing", about: declaration.name, message: `${fault.replace(/\.$/, "")}.` })),
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

function inputsOf(fleet: string, declaration: AccountDeclaration): AccountInputs {
  const { name, account, token, variables, onePassword, proof } = declaration;
  return {
    account: name,
    fleet,
    ...account,
    scopes: token.scopes,
    generations: [],
    variables,
    items: onePassword,
    pipelines: proof,
  };
}

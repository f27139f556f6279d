import * as pulumi from "@pulumi/pulumi";
import * as runbook from "runbook";
import { type FaultyAccount as Faulty, faultText } from "../rotation/settings";
import { failure } from "./failures";

/**
 * An account whose declaration cannot be used: its first step fails with everything that is wrong, tells its tracking issue
 * where that can be read, and nothing of it is touched, while all other accounts go on.
 */
export class FaultyAccount extends pulumi.ComponentResource {
  /** Always an error. */
  readonly state: pulumi.Output<undefined>;

  constructor(name: string, { faults, issue }: Faulty, fleet: string, options?: pulumi.ComponentResourceOptions) {
    super("pat-rotation:index:Account", name, {}, options);
    const account = new runbook.Account(
      name,
      {
        account: name,
        fleet,
        username: "",
        scopes: [],
        generations: [],
        variables: [],
        items: [],
        pipelines: [],
        faults: faults.map(faultText),
        ...(issue === undefined ? {} : { issue: { ...issue, fleet, account: name } }),
      },
      { parent: this },
    );
    this.state = account.id.apply(() => undefined);
    if (pulumi.runtime.isDryRun()) {
      const told = `Reading the settings of account "${name}": ${faults.map(faultText).join(" ")} No preview can carry on: an update without one ("npm run up -- --yes", "pulumi up --continue-on-error --skip-preview") fails this account, and does all that is due for the others.`;
      // An error of a step would end a preview for all accounts. The program must end in one, or what is not registered
      // here would be shown as about to be deleted.
      void Promise.reject(failure(told));
    }
    this.registerOutputs({});
  }
}

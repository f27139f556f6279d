import * as pulumi from "@pulumi/pulumi";
import { type FaultyAccount as Faulty, faultText } from "../rotation/declaration/settings";
import * as runbook from "./runbook";

/**
 * An account whose declaration cannot be used: its first step fails with everything that is wrong, tells its tracking issue
 * where that can be read, and nothing of it is touched, while all other accounts go on. Nobody can say which its
 * other resources are: the preview before an update lists them as about to be deleted, and says that they are not.
 */
export class FaultyAccount extends pulumi.ComponentResource {
  /** Nothing is known of it. */
  readonly state = pulumi.output(undefined);
  /** What is wrong. */
  readonly fault: pulumi.Output<string>;

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
    this.fault = account.fault;
    this.registerOutputs({});
  }
}

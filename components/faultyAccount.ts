import * as pulumi from "@pulumi/pulumi";
import * as runbook from "runbook";
import { type FaultyAccount as Faulty, faultText } from "../rotation/settings";

/**
 * An account whose declaration cannot be used: its first step fails with everything that is wrong, tells its tracking issue
 * where that can be read, and nothing of it is touched, while all other accounts go on. A preview shows its other resources
 * as about to be deleted, since nobody can say which they are: an update ends in an error, and deletes nothing.
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

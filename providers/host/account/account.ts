/** The component whose children are the steps of one account's rotation. */
const component = "pat-rotation:index:Account$";

/**
 * Whether a resource is a step of an account's rotation. There a fault is data, so that one account's never ends the run of
 * all others: a failed step would, in a plain `pulumi up`. Anywhere else a fault is an error, as everywhere in Pulumi.
 */
export function isInAccount(urn = ""): boolean {
  return (urn.split("::")[2] ?? "").includes(component);
}

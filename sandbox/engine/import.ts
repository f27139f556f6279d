import type { Deployment } from "./deployment";
import { bareGoal } from "./goal";
import { packageOf, providerTypeOf } from "./urn";

/** Something that exists, to be taken into the state. */
export interface ImportRequest {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly protect: boolean;
}

/** Takes one thing into the state, below the stack and behind its package's default provider. Writes no code. */
export async function importResource(
  deployment: Deployment,
  { type, name, id, protect }: ImportRequest,
): Promise<void> {
  const root = await deployment.keepAll();
  const provider = await deployment.defaultProvider(bareGoal(providerTypeOf(packageOf(type)), "default", true));
  if (provider === undefined) return;
  await deployment.import({ ...bareGoal(type, name, true), parent: root, provider, importId: id, protect });
}

import { servers } from "../../../../clients/servers";
import type { PipelineProofInputs, PipelineProofOutputs } from "../../../../contract/pipelineProof";
import type { PipelineTarget } from "../../../../contract/types/pipelines";
import { PartialFailure } from "../../../../providers/host/provider";
import { setConsumers } from "../../../../providers/runbook/consumers";
import { pipelineProof } from "../../../../providers/runbook/proof/pipelineProof";
import { personalAccessToken } from "../../../../providers/runbook/token/personalAccessToken";
import { type Bench, generationInputs, inventory, variable } from "../bench";

/** The job that builds the inventory. */
export const job = "build-inventory";

/** The pipeline that depends on the token. */
export const schedule: PipelineTarget = {
  project: inventory.project,
  schedule: inventory.schedule,
  jobs: [job],
  waitMinutes: 1,
};

/** A proof as a run left it. */
export interface State {
  readonly id: string;
  readonly inputs: PipelineProofInputs;
  readonly outputs: PipelineProofOutputs;
}

/** What the tests of a proof do, on the bench of each. */
export function provings(bench: () => Bench) {
  /** A token of the account, which is in no place. */
  async function minted(generation: string, expiresAt = "2027-11-23") {
    const { outputs } = await personalAccessToken.create(generationInputs({ generation, expiresAt }), bench().context);
    return { tokenId: outputs.tokenId ?? 0, token: outputs.token ?? "" };
  }

  /** The inputs of a proof of a new token that the variable and the vault hold already. */
  async function ready(
    changes: Partial<PipelineProofInputs> = {},
    generation = "2026-11-23",
  ): Promise<PipelineProofInputs> {
    const { context, requests } = bench();
    const { tokenId, token } = await minted(generation);
    const consumers = [variable, vaultPlace()];
    await setConsumers(servers(context), consumers, { token });
    requests();
    return {
      account: inventory.account,
      generation,
      tokenId,
      token,
      consumers,
      pipelines: [schedule],
      maxAttempts: 3,
      marginDays: 14,
      ...changes,
    };
  }

  function vaultPlace() {
    const [item] = bench().sandbox.onepassword.items("Security", inventory.title);
    const field = item?.fields?.find(({ label }) => label === "credential");
    const [vaultUuid = "", itemUuid = "", fieldId = ""] = [item?.vault.id, item?.id, field?.id];
    return { kind: "item", vaultUuid, itemUuid, fieldId } as const;
  }

  async function created(inputs: PipelineProofInputs): Promise<State> {
    return { ...(await pipelineProof.create(inputs, bench().context)), inputs };
  }

  async function updated(before: State, inputs = before.inputs): Promise<State> {
    const outputs = await pipelineProof.update?.(before, inputs, bench().context);
    if (outputs === undefined) throw new Error("there is no update");
    return { id: before.id, inputs, outputs };
  }

  /** What a proof that failed left, and what it said; no token is in that. */
  async function broken(promise: Promise<unknown>, inputs: PipelineProofInputs): Promise<State & { told: string }> {
    const error = await promise.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof PartialFailure)) throw error ?? new Error("expected a failure, and there was none");
    for (const value of bench().sandbox.gitlab.issuedTokens())
      if (error.message.includes(value)) throw new Error("a token was told");
    return { id: error.id, inputs, outputs: error.outputs as unknown as PipelineProofOutputs, told: error.message };
  }

  /** What the variable and the vault hold. */
  const held = () => [
    bench().sandbox.gitlab.variable(inventory.project, "GITLAB_API_TOKEN"),
    bench().sandbox.onepassword.field("Security", inventory.title, "credential"),
  ];

  /** The pipelines and jobs that were started since requests were last looked at. */
  const started = () =>
    bench()
      .requests()
      .filter((request) => / 201$/.test(request));

  return { minted, ready, created, updated, broken, held, started };
}

/** What the next run would change. */
export function changes(before: State, inputs = before.inputs): string[] {
  return Object.keys(pipelineProof.diff?.(before, inputs).changes ?? {});
}
